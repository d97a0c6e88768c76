import { fileURLToPath } from 'node:url';
import { EngineError } from '../../core/errors.ts';
import { isJsonObject, own, type Json } from '../../core/json.ts';
import { DEFAULT_RENDER_LIMITS, type Manifest } from '../../core/manifest.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { renderSnapshot } from '../../render/render-snapshot.ts';
import { renderToText } from '../../render/render-text.ts';
import { emitYaml } from '../../render/yaml/emit.ts';
import { openFolder } from '../../sources/folder.ts';
import type { Overlay } from './overlays.ts';

export const INSTALL_NAMESPACE = 'evenkeel-system';
const CONTROLLER = 'evenkeel-controller';
/** A name, a tag, a digest; nothing that could be anything else. */
const IMAGE = /^[a-z0-9][a-zA-Z0-9._\-/:@]{0,511}$/;

export interface OverlayOptions {
  readonly overlay: Overlay;
  /** Of the controller; default: what deploy/ names. */
  readonly image?: string;
}

export interface RenderedOverlay {
  readonly manifests: readonly Manifest[];
  readonly digest: string;
  readonly warnings: readonly string[];
}

/** What `kustomize build deploy/overlays/OVERLAY` prints, byte for byte; with an image of one's own in the controller's place. */
export function printOverlay(options: OverlayOptions): string {
  const snapshot = openOverlay(options.overlay);
  const printed = renderToText(snapshot, snapshot.path, {
    namespace: INSTALL_NAMESPACE,
    limits: DEFAULT_RENDER_LIMITS,
  });
  if (printed.problems.length > 0) throw unrenderable(options.overlay, printed.problems[0]?.message);
  const { image } = options;
  if (image === undefined) return printed.text;
  return printed
    .objects()
    .map((object) => emitYaml(withImage(object, checkImage(image)), 'sigs'))
    .join('---\n');
}

/** The same objects for a plan. */
export function renderOverlay(options: OverlayOptions): RenderedOverlay {
  const snapshot = openOverlay(options.overlay);
  const result = renderSnapshot(snapshot, {
    path: snapshot.path,
    settings: { kind: 'kustomize' },
    namespace: INSTALL_NAMESPACE,
    application: 'installation',
    limits: DEFAULT_RENDER_LIMITS,
  });
  if (result.kind === 'failed') throw unrenderable(options.overlay, result.problems[0]?.message);
  const { set, warnings } = result;
  if (options.image === undefined) return { manifests: set.manifests, digest: set.digest, warnings };
  const image = checkImage(options.image);
  return {
    manifests: set.manifests.map((manifest) => ({ ...manifest, object: withImage(manifest.object, image) })),
    digest: `${set.digest}+${image}`,
    warnings,
  };
}

/** deploy/ of this package: beside dist/ when it is installed, beside src/ in a checkout. */
function openOverlay(overlay: Overlay): ReturnType<typeof openFolder> {
  const folder = fileURLToPath(new URL('../../../deploy', import.meta.url));
  return openFolder(`${folder}/overlays/${overlay}`, { boundary: folder, timeSeconds: 0 });
}

function withImage(object: KubeObject, image: string): KubeObject {
  if (object.kind !== 'Deployment' || object.metadata.name !== CONTROLLER) return object;
  const spec = own(object, 'spec');
  const template = own(spec, 'template');
  const pod = own(template, 'spec');
  const containers = own(pod, 'containers');
  if (!isJsonObject(spec) || !isJsonObject(template) || !isJsonObject(pod) || !Array.isArray(containers)) return object;
  const changed = (containers as readonly Json[]).map((container) =>
    isJsonObject(container) && container['name'] === 'controller' ? { ...container, image } : container,
  );
  return { ...object, spec: { ...spec, template: { ...template, spec: { ...pod, containers: changed } } } };
}

function checkImage(image: string): string {
  if (!IMAGE.test(image)) throw new EngineError('UsageInvalid', 'option --image names no image (Invalid)');
  return image;
}

function unrenderable(overlay: Overlay, message: string | undefined): EngineError {
  return new EngineError(
    'RenderFailed',
    `overlay ${overlay} of deploy/ cannot be rendered (Invalid): ${message ?? ''}`,
    {
      remedy: 'this package is damaged: install it again',
    },
  );
}
