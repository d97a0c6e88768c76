import {
  isJsonObject,
  jsonEqual,
  own,
  type Json,
  type MutableJson,
  type MutableJsonObject,
} from '../../../core/json.ts';
import { BuildError } from '../problems.ts';
import { parseIndex } from '../nodes/path-text.ts';

/** The operations of an RFC 6902 patch as they were read; checked one by one when they are applied. */
export type JsonPatch = readonly Json[];

/**
 * Applies a patch to a document, in place where it can. The leniencies are those of the library that Kustomize uses: `replace` adds a
 * missing key, a missing `value` is null, a negative list position counts from the end. @throws BuildError naming operation and path
 */
export function applyJsonPatch(document: MutableJson, patch: JsonPatch): MutableJson {
  const holder = { root: document, copier: new Copier() };
  for (const [index, operation] of patch.entries()) {
    const kind = own(operation, 'op');
    try {
      apply(holder, operation, typeof kind === 'string' ? kind : 'unknown');
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      const path = own(operation, 'path');
      throw new BuildError(
        'InvalidPatch',
        `operation ${index + 1} (${typeof kind === 'string' ? kind : 'unknown'} ${typeof path === 'string' ? path : ''}): ${error.message}`,
      );
    }
  }
  return holder.root;
}

interface Holder {
  root: MutableJson;
  readonly copier: Copier;
}

type Container = MutableJson[] | MutableJsonObject;

function apply(holder: Holder, operation: Json, kind: string): void {
  switch (kind) {
    case 'add': {
      const { container, key } = find(holder.root, pointer(operation, 'path'));
      add(container, key, valueOf(operation, holder));
      return;
    }
    case 'remove': {
      const { container, key } = find(holder.root, pointer(operation, 'path'));
      remove(container, key);
      return;
    }
    case 'replace':
      replace(holder, operation);
      return;
    case 'move': {
      const from = find(holder.root, pointer(operation, 'from'));
      const value = get(from.container, from.key);
      remove(from.container, from.key);
      const to = find(holder.root, pointer(operation, 'path'));
      add(to.container, to.key, value ?? null);
      return;
    }
    case 'copy': {
      const from = find(holder.root, pointer(operation, 'from'));
      const value = get(from.container, from.key);
      const to = find(holder.root, pointer(operation, 'path'));
      add(to.container, to.key, holder.copier.copy(value ?? null));
      return;
    }
    case 'test':
      test(holder, operation);
      return;
    default:
      throw new BuildError('InvalidPatch', 'this operation is not known');
  }
}

function replace(holder: Holder, operation: Json): void {
  const path = pointer(operation, 'path');
  const value = valueOf(operation, holder);
  if (path === '') {
    if (value === null || typeof value !== 'object')
      throw new BuildError('InvalidPatch', 'the whole document can be replaced by a map or a list only');
    holder.root = value;
    return;
  }
  const { container, key } = find(holder.root, path);
  get(container, key);
  set(container, key, value);
}

function test(holder: Holder, operation: Json): void {
  const path = pointer(operation, 'path');
  const wanted = valueOf(operation, holder);
  let found: MutableJson | undefined = holder.root;
  if (path !== '') {
    const { container, key } = find(holder.root, path);
    found = get(container, key);
  }
  if (!jsonEqual((found ?? null) as Json, wanted as Json)) throw new BuildError('TestFailed', 'the test failed');
}

function pointer(operation: Json, field: 'path' | 'from'): string {
  const value = own(operation, field);
  if (typeof value !== 'string') throw new BuildError('InvalidPatch', `${field} is missing`);
  return value;
}

function valueOf(operation: Json, holder: Holder): MutableJson {
  return holder.copier.copy((own(operation, 'value') ?? null) as MutableJson);
}

const MOST_DEPTH = 500;
const MOST_STEPS = 200;
const MOST_NODES = 2_000_000;

/** Counts what a patch copies, so that copies of copies come to an end. */
class Copier {
  #left = MOST_NODES;

  copy(value: MutableJson, depth = 0): MutableJson {
    this.#left--;
    if (this.#left < 0 || depth > MOST_DEPTH)
      throw new BuildError('TooLarge', 'the patch copies values into each other without end');
    if (Array.isArray(value)) return value.map((item) => this.copy(item, depth + 1));
    if (!isJsonObject(value)) return value;
    const result = Object.create(null) as MutableJsonObject;
    for (const [key, item] of Object.entries(value)) result[key] = this.copy(item as MutableJson, depth + 1);
    return result;
  }
}

/** The container that holds the last step of a pointer. */
function find(root: MutableJson, path: string): { readonly container: Container; readonly key: string } {
  const parts = path.split('/');
  if (parts.length > MOST_STEPS) throw new BuildError('InvalidPatch', `the path has more than ${MOST_STEPS} steps`);
  if (parts.length < 2) throw new BuildError('InvalidPatch', 'the path does not lead into the document');
  let current: MutableJson | undefined = root;
  for (const part of parts.slice(1, -1)) {
    if (current === null || typeof current !== 'object') throw missingPath();
    current = get(current, decode(part));
  }
  if (current === null || current === undefined || typeof current !== 'object') throw missingPath();
  return { container: current, key: decode(parts.at(-1) ?? '') };
}

function missingPath(): BuildError {
  return new BuildError('InvalidPatch', 'the object has nothing at this path');
}

function decode(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function position(list: readonly MutableJson[], key: string, size: number): number {
  const index = parseIndex(key);
  if (index === undefined) throw new BuildError('InvalidPatch', `${JSON.stringify(key)} is not a list position`);
  const at = index < 0 ? index + size : index;
  if (at < 0 || at >= size)
    throw new BuildError('InvalidPatch', `the list has ${list.length} items, ${index} is not one`);
  return at;
}

function get(container: Container, key: string): MutableJson | undefined {
  if (!Array.isArray(container)) return container[key];
  return container[position(container, key, container.length)];
}

function set(container: Container, key: string, value: MutableJson): void {
  if (!Array.isArray(container)) container[key] = value;
  else container[position(container, key, container.length)] = value;
}

function add(container: Container, key: string, value: MutableJson): void {
  if (!Array.isArray(container)) container[key] = value;
  else if (key === '-') container.push(value);
  else container.splice(position(container, key, container.length + 1), 0, value);
}

function remove(container: Container, key: string): void {
  if (Array.isArray(container)) {
    container.splice(position(container, key, container.length), 1);
    return;
  }
  if (!(key in container)) throw new BuildError('InvalidPatch', `there is no key ${JSON.stringify(key)}`);
  delete container[key];
}
