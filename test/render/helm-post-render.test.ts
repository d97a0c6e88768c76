import { describe, expect, it } from 'vitest';
import { DEFAULT_RENDER_LIMITS, type HelmPostRender, type RenderResult } from '../../src/core/manifest.ts';
import { at } from '../../src/core/json.ts';
import { renderSnapshot } from '../../src/render/render-snapshot.ts';
import { MemorySnapshot } from '../doubles/memory-snapshot.ts';

const CHART = {
  'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }}-web }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: main, image: "nginx:1.0" }] }
`,
  'templates/migrate.yaml': `apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { helm.sh/hook: pre-install } }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: main, image: "nginx:1.0" }] } } }
`,
};

function render(postRender: HelmPostRender, files: Readonly<Record<string, string>> = {}): RenderResult {
  return renderSnapshot(new MemorySnapshot({ ...CHART, ...files }), {
    path: '',
    settings: { kind: 'helm', postRender },
    namespace: 'team',
    application: 'shop',
    limits: DEFAULT_RENDER_LIMITS,
  });
}

function objectsOf(result: RenderResult) {
  if (result.kind === 'failed') throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return result.set.manifests;
}

function messagesOf(result: RenderResult): string[] {
  return result.kind === 'failed' ? result.problems.map(({ path, message }) => `${path}: ${message}`) : [];
}

describe('post-rendering of a chart', () => {
  it('changes images of workloads and hooks', () => {
    const manifests = objectsOf(
      render({ images: [{ name: 'nginx', newName: 'registry.example.com/nginx', newTag: '2' }] }),
    );
    expect(manifests.map(({ object }) => at(object, 'spec', 'template', 'spec', 'containers', 0, 'image'))).toEqual([
      'registry.example.com/nginx:2',
      'registry.example.com/nginx:2',
    ]);
  });

  it('patches what its target names, and keeps the template as its origin', () => {
    const patch = '- { op: replace, path: /spec/replicas, value: 3 }';
    const [web] = objectsOf(render({ patches: [{ target: { kind: 'Deployment' }, patch }] }));
    expect([at(web?.object, 'spec', 'replicas'), web?.origin.path]).toEqual([3, 'templates/web.yaml']);
  });

  it('keeps hooks hooks', () => {
    const manifests = objectsOf(render({ commonAnnotations: { team: 'shop' } }));
    expect(manifests.at(-1)?.object.metadata.annotations).toEqual({ 'helm.sh/hook': 'pre-install', team: 'shop' });
  });

  it('says at the setting what is wrong with it', () => {
    expect(messagesOf(render({ images: [{ nmae: 'nginx' }] }))).toEqual([
      expect.stringMatching(/^spec\.render\.helm\.postRender: .*nmae/),
    ]);
  });

  it('reads no file of the repository', () => {
    expect(messagesOf(render({ patches: [{ path: 'secret.yaml' }] }, { 'secret.yaml': 'a: b' }))).toEqual([
      expect.stringMatching(/^spec\.render\.helm\.postRender: .*secret\.yaml/),
    ]);
  });

  it('does not hide a document that no cluster would take', () => {
    const result = render({ commonAnnotations: { team: 'shop' } }, { 'templates/broken.yaml': 'kind: Broken\n' });
    expect(messagesOf(result).join()).toContain('rendered Broken is no object');
  });
});
