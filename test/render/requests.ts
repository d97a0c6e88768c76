import { DEFAULT_RENDER_LIMITS, type RenderRequest, type RenderResult } from '../../src/core/manifest.ts';
import { describeKey } from '../../src/core/object-key.ts';

export function request(changes: Partial<RenderRequest> = {}): RenderRequest {
  return {
    path: '',
    settings: { kind: 'auto' },
    namespace: 'team',
    application: 'app',
    limits: DEFAULT_RENDER_LIMITS,
    ...changes,
  };
}

/** A result in short: keys with origins, or problems with places. */
export function summary(result: RenderResult): string[] {
  if (result.kind === 'failed') {
    return result.problems.map(({ path, line, column, message }) =>
      [[path, line, column].filter((part) => part !== undefined).join(':'), message].join(' '),
    );
  }
  return result.set.manifests.map(({ key, origin }) => `${describeKey(key)} ${origin.path}:${origin.line ?? ''}`);
}
