import type { FieldSpec } from '../field-spec.ts';

/** Kinds as `Kind`, `group Kind` or `group/version Kind`; a core kind of one version is `/v1 Kind`. '' is any kind. */
export function specs(path: string, kinds: readonly string[], create = false): FieldSpec[] {
  return kinds.map((text) => {
    const space = text.lastIndexOf(' ');
    const api = space < 0 ? '' : text.slice(0, space);
    const slash = api.lastIndexOf('/');
    return {
      group: slash < 0 ? api : api.slice(0, slash),
      version: slash < 0 ? '' : api.slice(slash + 1),
      kind: text.slice(space + 1),
      path,
      create,
    };
  });
}
