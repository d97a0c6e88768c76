import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applicationCrd } from '../../src/config/application-crd.ts';
import { at, isJsonObject, own, stringAt } from '../../src/core/json.ts';
import { emitYaml } from '../../src/render/yaml/emit.ts';
import { printOverlay } from '../../src/cli/install/render-overlay.ts';
import { containersOf, find, listOf, nameOf, podTemplates, RENDERED, rulesOf, textsOf } from './overlays.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
const overlay = (name: string): NonNullable<ReturnType<typeof RENDERED.get>> => RENDERED.get(name) ?? [];

describe('the definition in deploy/crds', () => {
  it('is what the source of truth generates (node scripts/generate-crd.mjs)', () => {
    const written = readFileSync('deploy/crds/applications.evenkeel.dev.yaml', 'utf8').replace(/^#.*\n/, '');
    expect(written).toBe(emitYaml(applicationCrd(), 'sigs'));
  });
});

describe.each([...RENDERED])('overlay %s', (name, objects) => {
  it('runs the version of this package, by number', () => {
    const [container] = podTemplates([find(objects, 'Deployment', 'evenkeel-controller')]).flatMap(containersOf);
    expect(container?.['image']).toBe(`evenkeel/evenkeel:${version}`);
    for (const other of podTemplates(objects).flatMap(containersOf)) expect(other['image']).toMatch(/:.*\d/);
  });

  it('holds no Secret and no password', () => {
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(JSON.stringify(objects)).not.toMatch(/requirepass|redis:\/\//);
  });

  it('keeps to the restricted standard in every pod', () => {
    for (const template of podTemplates(objects)) {
      expect(at(template.spec, 'securityContext', 'runAsNonRoot')).toBe(true);
      expect(stringAt(template.spec, 'securityContext', 'seccompProfile', 'type')).toBe('RuntimeDefault');
      for (const container of containersOf(template)) {
        const context = own(container, 'securityContext');
        expect(own(context, 'allowPrivilegeEscalation')).toBe(false);
        expect(own(context, 'readOnlyRootFilesystem')).toBe(true);
        expect(textsOf(at(context, 'capabilities', 'drop'))).toEqual(['ALL']);
        expect(at(container, 'resources', 'requests', 'memory')).toBeDefined();
        expect(at(container, 'resources', 'limits', 'memory')).toBeDefined();
        expect(container['livenessProbe']).toBeDefined();
        expect(container['readinessProbe']).toBeDefined();
      }
    }
    expect(
      stringAt(
        find(objects, 'Namespace', 'evenkeel-system'),
        'metadata',
        'labels',
        'pod-security.kubernetes.io/enforce',
      ),
    ).toBe('restricted');
  });

  it('selects with every Service, budget and policy a pod that is there', () => {
    const pods = podTemplates(objects);
    for (const object of objects) {
      const selector =
        object.kind === 'Service'
          ? at(object, 'spec', 'selector')
          : (at(object, 'spec', 'selector', 'matchLabels') ?? at(object, 'spec', 'podSelector', 'matchLabels'));
      if (!isJsonObject(selector)) continue;
      const found = pods.some(({ labels }) => Object.entries(selector).every(([key, value]) => labels[key] === value));
      expect(found, nameOf(object)).toBe(true);
    }
  });

  it('denies all traffic but what a policy allows', () => {
    const deny = find(objects, 'NetworkPolicy', 'default-deny');
    expect(at(deny, 'spec', 'podSelector')).toEqual({});
    expect(textsOf(at(deny, 'spec', 'policyTypes'))).toEqual(['Ingress', 'Egress']);
    const egress = JSON.stringify(find(objects, 'NetworkPolicy', 'controller-egress'));
    expect(egress).toContain('169.254.0.0/16');
  });

  it('grants no wildcard, lists no Secrets but its own, and impersonates by name only', () => {
    for (const object of objects) {
      for (const rule of rulesOf(object)) {
        const verbs = textsOf(rule['verbs']);
        const resources = textsOf(rule['resources']);
        expect(JSON.stringify(rule), nameOf(object)).not.toContain('"*"');
        if (resources.includes('secrets') && object.kind === 'ClusterRole')
          expect(verbs, nameOf(object)).toEqual(['get']);
        if (verbs.includes('impersonate')) {
          expect(resources).toEqual(['serviceaccounts']);
          expect(textsOf(rule['resourceNames'])).toEqual(['evenkeel-deployer']);
        }
      }
    }
    const bound = objects
      .filter(({ kind }) => kind === 'ClusterRoleBinding')
      .map((object) => stringAt(object, 'roleRef', 'name'));
    expect(bound).not.toContain('cluster-admin');
    expect(bound.includes('evenkeel-tenant')).toBe(name !== 'minimal-rbac');
  });

  it('prints for kubectl what it applies itself', () => {
    const text = printOverlay({ overlay: name as 'default' });
    for (const object of objects) expect(text).toContain(`name: ${object.metadata.name}`);
  });
});

describe('the overlays', () => {
  it('differ as they say', () => {
    expect(overlay('embedded').some(({ kind }) => kind === 'StatefulSet')).toBe(false);
    expect(JSON.stringify(overlay('embedded'))).not.toContain('REDIS_URL');
    expect(JSON.stringify(overlay('default'))).toContain('REDIS_URL');
    expect(at(find(overlay('default'), 'Deployment', 'evenkeel-controller'), 'spec', 'replicas')).toBe(2);
    expect(at(find(overlay('ha'), 'Deployment', 'evenkeel-controller'), 'spec', 'replicas')).toBe(3);
    expect(
      listOf(at(find(overlay('default'), 'StatefulSet', 'evenkeel-redis'), 'spec', 'volumeClaimTemplates')),
    ).toHaveLength(1);
  });

  it('take another image for the controller alone', () => {
    const text = printOverlay({ overlay: 'default', image: 'mirror.example.com/evenkeel@sha256:00' });
    expect(text.match(/image: .*/g)).toEqual([
      'image: mirror.example.com/evenkeel@sha256:00',
      'image: redis:7.4-bookworm',
    ]);
    expect(() => printOverlay({ overlay: 'default', image: 'x\ny' })).toThrow(/UsageInvalid|no image/);
  });
});
