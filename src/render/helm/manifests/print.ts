import type { RenderedDocument } from './sort-manifests.ts';
import { trim } from './split-documents.ts';

export interface CrdFile {
  /** `chart/crds/widgets.yaml` */
  readonly name: string;
  readonly text: string;
}

/** What `helm template` prints: CRDs, manifests and hooks, each document after the name of its template. */
export function printDocuments(
  crds: readonly CrdFile[],
  manifests: readonly RenderedDocument[],
  hooks: readonly RenderedDocument[],
): string {
  const release = [
    ...crds.map((crd) => printDocument(crd.name, crd.text)),
    ...manifests.map((document) => printDocument(document.template, document.text)),
  ];
  return `${trim(release.join(''))}\n${hooks.map((hook) => printDocument(hook.template, hook.text)).join('')}`;
}

function printDocument(name: string, text: string): string {
  return `---\n# Source: ${name}\n${text}\n`;
}
