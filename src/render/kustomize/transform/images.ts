import { BuildError } from '../problems.ts';
import { applyFieldSpecs, type FieldSpec } from '../config/field-spec.ts';
import { compileSearch, type TextMatch } from '../select/pattern.ts';
import { elementsOf, entrySetter, fieldOf, matchField, requireKind } from '../nodes/fields.ts';
import { TAG, textOf, type YamlNode } from '../nodes/node.ts';
import type { Resource } from '../resource.ts';
import type { SharedTree } from '../shared-tree.ts';

/** An entry of `images`; '' where nothing is said. */
export interface ImageChange {
  readonly name: string;
  readonly newName: string;
  readonly newTag: string;
  readonly tagSuffix: string;
  readonly digest: string;
}

const TAG_AND_DIGEST = /^(?::[a-zA-Z0-9_.{}-]*)?(?:@sha256:[a-zA-Z0-9_.{}-]*)?$/;
const PLAIN_NAME = /^[A-Za-z0-9_/:@-]*$/;

/** Changes images everywhere below a field `containers` or `initContainers`, and in the places of the field specs. */
export function changeImages(resources: readonly Resource[], change: ImageChange, specs: readonly FieldSpec[]): void {
  const matches = imageMatch(change.name);
  const set = (node: YamlNode): void => setImage(node, change, matches);
  for (const resource of resources) {
    const kind = textOf(fieldOf(resource.view, 'kind'));
    if (kind !== 'CustomResourceDefinition') walk(resource.tree, set);
  }
  for (const resource of resources) {
    const kind = textOf(fieldOf(resource.view, 'kind'));
    if (kind !== 'CustomResourceDefinition') applyFieldSpecs(specs, resource.tree, { set });
  }
}

/** Whether any of the changes has something to do in an object (or cannot be made there). Which images it has is read once. */
export function hasImage(tree: SharedTree, changes: readonly ImageChange[], specs: readonly FieldSpec[]): boolean {
  if (tree.images?.by !== specs) tree.images = { by: specs, list: imagesIn(tree.node, specs) };
  const { list } = tree.images;
  // A name that is no pattern is an error also where there are no images.
  const matches = changes.map(({ name }) => imageMatch(name));
  return list === undefined || list.some((image) => matches.some((match) => match(image)));
}

/** Undefined where reading them fails, or would change something: going through the tree again says how. */
function imagesIn(tree: YamlNode, specs: readonly FieldSpec[]): readonly string[] | undefined {
  if (textOf(fieldOf(tree, 'kind')) === 'CustomResourceDefinition') return [];
  const images: string[] = [];
  let isOdd = false;
  const set = (node: YamlNode): void => {
    if (node.kind === 'scalar') images.push(node.text);
    else isOdd = true;
  };
  const onNullList = (): void => {
    isOdd = true;
  };
  try {
    walk(tree, set);
    applyFieldSpecs(specs, tree, { set, onNullList });
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
  return isOdd ? undefined : images;
}

/** The name is a pattern at the start of the image, with a tag and a digest behind it. */
function imageMatch(name: string): TextMatch {
  if (PLAIN_NAME.test(name)) return (image) => image.startsWith(name) && TAG_AND_DIGEST.test(image.slice(name.length));
  return compileSearch(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`, 'images name');
}

function walk(node: YamlNode, set: (node: YamlNode) => void): void {
  if (node.kind === 'list') {
    for (const item of node.items) walk(item, set);
    return;
  }
  if (node.kind !== 'map') return;
  for (const entry of node.entries) {
    const key = entry.key.text;
    const { value } = entry;
    walk(value, set);
    if ((key !== 'containers' && key !== 'initContainers') || value.kind !== 'list') continue;
    for (const container of elementsOf(value)) {
      const image = matchField(container, 'image');
      if (image !== undefined) set(image);
    }
  }
}

function setImage(node: YamlNode, change: ImageChange, matches: TextMatch): void {
  requireKind(node, 'scalar');
  if (!matches(node.text)) return;
  const image = splitImage(node.text);
  const name = change.newName === '' ? image.name : change.newName;
  let { tag, digest } = image;
  if (change.newTag !== '' || change.digest !== '') {
    tag = change.newTag;
    digest = change.digest;
  } else if (change.tagSuffix !== '') {
    tag += change.tagSuffix;
    digest = '';
  }
  const text = `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  entrySetter('', text, TAG.none)(node);
}

interface ImageParts {
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
}

export function splitImage(image: string): ImageParts {
  const slash = Math.max(image.indexOf('/'), 0);
  const rest = image.slice(slash);
  const at = rest.indexOf('@');
  const colon = rest.indexOf(':');
  if (at < 0 && colon < 0) return { name: image, tag: '', digest: '' };
  if (at >= 0 && (colon < 0 || at < colon))
    return { name: image.slice(0, slash + at), tag: '', digest: image.slice(slash + at + 1) };
  const name = image.slice(0, slash + colon);
  if (at < 0) return { name, tag: image.slice(slash + colon + 1), digest: '' };
  return { name, tag: image.slice(slash + colon + 1, slash + at), digest: image.slice(slash + at + 1) };
}
