import { describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../src/core/errors.ts';
import type { RenderJob, RenderMessage } from '../../src/render/render-job.ts';
import { readResult } from '../../src/render/render-job.ts';
import { serveRenders } from '../../src/render/worker.ts';
import { MemorySnapshot } from '../doubles/memory-snapshot.ts';
import { request } from './requests.ts';

function start(open: (gitDir: string, commitId: string) => MemorySnapshot) {
  const listeners = new Map<string, (job: RenderJob) => void>();
  const sent: RenderMessage[] = [];
  const exits: number[] = [];
  serveRenders(
    {
      on: (event: string, listener: (job: RenderJob) => void) => listeners.set(event, listener),
      send: (message) => sent.push(message),
      exit: (code) => exits.push(code),
    },
    { openSnapshot: open, rssBytes: () => 7 },
  );
  /** One job, and its answer. */
  const post = async (job: Partial<RenderJob> = {}): Promise<void> => {
    const before = sent.length;
    listeners.get('message')?.({ id: 1, gitDir: '/git', commitId: 'c1', request: request(), ...job });
    await vi.waitFor(() => expect(sent.length).toBe(before + 1));
  };
  return { sent, exits, post, disconnect: () => listeners.get('disconnect')?.(undefined as never) };
}

describe('serveRenders', () => {
  it('answers each job and ends with its parent', async () => {
    const opened: string[] = [];
    const { sent, exits, post, disconnect } = start((gitDir, commitId) => {
      opened.push(`${gitDir} ${commitId}`);
      return new MemorySnapshot({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' });
    });
    await post();
    await post({ id: 2 });
    expect(opened).toEqual(['/git c1', '/git c1']);
    expect(sent.map(({ kind }) => kind)).toEqual(['ready', 'result', 'result']);
    const [, first] = sent;
    expect(first?.kind === 'result' && readResult(first.json)).toMatchObject({ kind: 'rendered' });
    disconnect();
    expect(exits).toEqual([0]);
  });

  it('sends what was thrown, as far as a parent may know it', async () => {
    const failures: Error[] = [
      new EngineError('SourceCorrupt', 'it is broken (SourceCorrupt): really', { remedy: 'fetch it again' }),
      new RangeError('Maximum call stack size exceeded'),
      new TypeError('x is undefined'),
    ];
    const { sent, post } = start(() => {
      throw failures.shift() ?? new Error('no more');
    });
    await post();
    await post();
    await post();
    expect(sent.slice(1)).toMatchObject([
      { kind: 'error', id: 1, code: 'SourceCorrupt', remedy: 'fetch it again', rssBytes: 7 },
      { kind: 'error', code: 'RenderLimit' },
      { kind: 'error', code: 'RenderCrashed', message: 'render failed (RenderCrashed): x is undefined' },
    ]);
  });

  const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Chart.Name }}}\n';
  const files = {
    'base/charts/web/Chart.yaml':
      'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{name: shared, version: 1.x, repository: "file://../../../shared"}]\n',
    'base/charts/web/values.yaml': '',
    'base/charts/web/templates/a.yaml': configMap,
    'base/kustomization.yaml': 'helmCharts: [{name: web, releaseName: r}]\n',
    'overlay/kustomization.yaml': 'namePrefix: k-\nresources: [../base]\n',
    'shared/Chart.yaml': 'apiVersion: v2\nname: shared\nversion: 1.2.3\n',
    'shared/templates/a.yaml': configMap,
  };

  it.each([
    ['a chart', 'base/charts/web', ['shared', 'web']],
    ['a kustomization', 'overlay', ['k-shared', 'k-web']],
  ])('fetches what the charts of %s depend on', async (_what, path, names) => {
    const { sent, post } = start(() => new MemorySnapshot(files));
    await post({
      request: request({ path }),
      charts: { cacheFolder: '/nowhere', allowedHosts: [], credentials: {} },
    });
    const [, answer] = sent;
    if (answer?.kind !== 'result') throw new Error(JSON.stringify(answer));
    const result = readResult(answer.json);
    if (result.kind === 'failed') throw new Error(JSON.stringify(result.problems));
    expect(result.set.manifests.map(({ key }) => key.name).sort()).toEqual(names);
  });
});
