import type { RenderProblem } from '../core/manifest.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { joinPath } from './paths.ts';

/** The names by which Kustomize knows its file; exactly one may be there. */
const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

export type RenderKind = 'plain' | 'kustomize' | 'helm';

/** How a path wants to be rendered, told from its files: a kustomization, a chart, or plain manifests. */
export function detectKind(
  snapshot: Snapshot,
  path: string,
): { readonly kind: RenderKind } | { readonly problem: RenderProblem } {
  const kustomizations = KUSTOMIZATION_FILES.filter((name) => snapshot.stat(joinPath(path, name)) === 'file');
  if (kustomizations.length > 1) {
    return {
      problem: {
        path,
        message: `more than one kustomization file: ${kustomizations.join(', ')}`,
        remedy: 'keep one of them',
      },
    };
  }
  if (kustomizations.length === 1) return { kind: 'kustomize' };
  return { kind: snapshot.stat(joinPath(path, 'Chart.yaml')) === 'file' ? 'helm' : 'plain' };
}
