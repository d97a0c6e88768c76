import type { Application, SyncRules } from '../../src/core/application.ts';
import { resolveApplication } from '../../src/config/resolve-application.ts';

/** The smallest valid Application; overrides win. */
export function anApplication(
  overrides: Partial<Omit<Application, 'sync'>> & { readonly sync?: Partial<SyncRules> } = {},
): Application {
  const base = resolveApplication(
    {
      apiVersion: 'evenkeel.dev/v1alpha1',
      kind: 'Application',
      metadata: { name: 'demo', namespace: 'default' },
      spec: { source: { git: { url: 'https://git.example.com/demo.git' } } },
    },
    'default',
  );
  return { ...base, ...overrides, sync: { ...base.sync, ...overrides.sync } };
}
