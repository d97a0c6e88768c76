import type { BuildContext } from './context.ts';
import { decodeText } from './files.ts';
import { fieldOf } from './nodes/fields.ts';
import { jsonToNode } from './nodes/from-json.ts';
import type { ReadDocument } from './nodes/parse.ts';
import { readDocuments } from './nodes/read.ts';
import { isNilOrEmpty, isNull, textOf, type YamlNode } from './nodes/node.ts';
import { nodeToJson } from './nodes/to-json.ts';
import { BuildError, type Place } from './problems.ts';
import { Resource } from './resource.ts';
import { SharedTree, type ReadObject } from './shared-tree.ts';
import { listAt } from '../../core/json.ts';

/** Reads the objects of a file. @throws BuildError with the line */
export function readResourceFile(
  bytes: Uint8Array,
  path: string,
  oid: string | undefined,
  context: BuildContext,
): Resource[] {
  const place = { path, line: 1 };
  const documents = context.cache.documents(oid, () => parse(decodeText(bytes, place), place, context));
  return toResources(documents, place, context);
}

/** Reads objects from a text within another file; its lines are told when `place` says where it begins. @throws BuildError */
export function readResourceText(text: string, place: Place, context: BuildContext): Resource[] {
  return toResources(parse(text, place, context), place, context);
}

function parse(text: string, place: Place, context: BuildContext): readonly ReadObject[] {
  try {
    const documents = expandLists(readDocuments(text, context.limits).filter((document) => isObject(document)));
    return documents.map(({ node, line }) => ({ tree: new SharedTree(node, true), line }));
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const { line, column } = error.place ?? {};
    const inFile = place.line !== undefined && line !== undefined;
    throw new BuildError(error.reason, error.message, {
      place: inFile
        ? { path: place.path, line: line + place.line - 1, ...(column === undefined ? {} : { column }) }
        : place,
      ...(error.excerpt === undefined ? {} : { excerpt: error.excerpt }),
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  }
}

function toResources(documents: readonly ReadObject[], place: Place, context: BuildContext): Resource[] {
  context.count(documents.length);
  return documents.map(({ tree, line }) => {
    const at = place.line === undefined ? place : { path: place.path, line: line + place.line - 1 };
    return new Resource(tree, at, context);
  });
}

/** Whether a document is an object; empty ones are skipped. @throws BuildError when kind or name is missing */
function isObject(document: ReadDocument): boolean {
  const { node } = document;
  if (isNilOrEmpty(node)) return false;
  const at: Place = { path: '', line: document.line };
  const kind = present(fieldOf(node, 'kind'));
  if (node.kind !== 'map')
    throw new BuildError('NotAnObject', 'a document is not an object with apiVersion, kind and metadata', {
      place: at,
    });
  if (kind === '') throw new BuildError('NotAnObject', 'an object has no kind', { place: at });
  if (kind.endsWith('List')) return true;
  const metadata = fieldOf(node, 'metadata');
  const name = isNilOrEmpty(metadata) ? '' : present(fieldOf(metadata, 'name'));
  if (name === '') throw new BuildError('NotAnObject', `an object of kind ${kind} has no metadata.name`, { place: at });
  return true;
}

function present(node: YamlNode | undefined): string {
  return isNilOrEmpty(node) ? '' : textOf(node);
}

/** Replaces objects of kind FooList that have `items` by their items, behind all the others. */
function expandLists(documents: readonly ReadDocument[]): ReadDocument[] {
  const queue = [...documents];
  const result: ReadDocument[] = [];
  for (let index = 0; index < queue.length; index++) {
    const document = queue[index] as ReadDocument;
    const items = present(fieldOf(document.node, 'kind')).endsWith('List')
      ? fieldOf(document.node, 'items')
      : undefined;
    if (items === undefined) {
      result.push(document);
      continue;
    }
    const value = nodeToJson(document.node);
    if (isNull(items)) continue;
    if (items.kind !== 'list')
      throw new BuildError('WrongKind', 'the items of a list object are not a list', {
        place: { path: '', line: document.line },
      });
    const list = listAt(value, 'items');
    for (const item of list) {
      const inner = { node: jsonToNode(item, 'json'), line: document.line };
      if (isObject(inner)) queue.push(inner);
    }
  }
  return result;
}
