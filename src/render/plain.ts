import { isEngineError } from '../core/errors.ts';
import type { Origin, RenderLimits, RenderProblem } from '../core/manifest.ts';
import type { KubeObject } from '../core/object-key.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { expandList } from './expand-list.ts';
import { findManifests } from './find-manifests.ts';
import { jsonAsYaml } from './json-file.ts';
import { checkObject, nameObject } from './object-shape.ts';
import { decodeText } from './yaml/decode.ts';
import { safeExcerpt } from './safe-excerpt.ts';
import { DEFAULT_YAML_LIMITS, loadYaml, type YamlDocument } from './yaml/load.ts';

export interface RenderedObject {
  readonly object: KubeObject;
  readonly origin: Origin;
}

/** What an engine makes of a snapshot, before namespaces and keys are settled. */
export interface RenderedObjects {
  readonly objects: readonly RenderedObject[];
  readonly problems: readonly RenderProblem[];
  readonly warnings: readonly string[];
}

/**
 * Plain manifests: every document of every `.yaml`, `.yml` and `.json` file below a path, in the order of path and position, lists
 * taken apart. Values are those that the API server would read (`kubernetes` dialect). Empty documents are left out; anything else that
 * is no object is a problem, as is a duplicate key; all problems are reported at once.
 * @throws EngineError SourcePathNotFound, SourceRefused
 */
export function renderPlain(snapshot: Snapshot, path: string, recurse: boolean, limits: RenderLimits): RenderedObjects {
  const found = findManifests(snapshot, path, recurse);
  const objects: RenderedObject[] = [];
  const problems: RenderProblem[] = [...found.problems];
  for (const file of found.paths) {
    if (objects.length > limits.documents) {
      problems.push({ path: file, message: `more than ${limits.documents} objects` });
      break;
    }
    readFile(snapshot, file, limits, objects, problems);
  }
  return { objects, problems, warnings: found.warnings };
}

function readFile(
  snapshot: Snapshot,
  path: string,
  limits: RenderLimits,
  objects: RenderedObject[],
  problems: RenderProblem[],
): void {
  const bytes = readBytes(snapshot, path, limits);
  if ('message' in bytes) {
    problems.push(bytes);
    return;
  }
  const decoded = decodeText(bytes);
  if (typeof decoded !== 'string') {
    problems.push({ path, message: decoded.message, remedy: 'save the file as UTF-8' });
    return;
  }
  const text = /\.json$/i.test(path) ? jsonAsYaml(decoded) : decoded;
  const stream = loadYaml(text, 'kubernetes', {
    ...DEFAULT_YAML_LIMITS,
    depth: limits.depth,
    // The size of the file was checked; reading JSON as YAML may add a little.
    bytes: Math.max(limits.fileBytes, text.length * 3),
    documents: limits.documents,
  });
  for (const { message, line, column, excerpt } of stream.problems)
    problems.push({ path, line, column, message, ...safeExcerpt(text, excerpt) });
  for (const document of stream.documents) takeDocument(document, { path, text }, objects, problems);
}

function readBytes(snapshot: Snapshot, path: string, limits: RenderLimits): Uint8Array | RenderProblem {
  try {
    const bytes = snapshot.read(path);
    if (bytes === undefined) return { path, message: 'the file cannot be read' };
    if (bytes.byteLength <= limits.fileBytes) return bytes;
    return { path, message: `the file has ${bytes.byteLength} bytes, at most ${limits.fileBytes} are read` };
  } catch (thrown) {
    // One file that may not be read does not hide what is wrong with the others.
    if (!isEngineError(thrown, 'SourceRefused') && !isEngineError(thrown, 'RenderLimit')) throw thrown;
    return { path, message: thrown.message, ...(thrown.remedy === undefined ? {} : { remedy: thrown.remedy }) };
  }
}

function takeDocument(
  document: YamlDocument,
  { path, text }: { readonly path: string; readonly text: string },
  objects: RenderedObject[],
  problems: RenderProblem[],
): void {
  if (document.value === null) return;
  for (const item of expandList(document.value)) {
    const checked = checkObject(item.value);
    const isWhole = item.path.length === 0;
    if ('object' in checked) {
      const line = isWhole ? document.line : document.locate(item.path).line;
      objects.push({ object: checked.object, origin: { path, line } });
      continue;
    }
    for (const { field, message, remedy } of checked.problems) {
      const place = document.locate([...item.path, ...field]);
      problems.push({
        path,
        line: place.line,
        column: place.column,
        message: `${nameObject(item.value)}: ${message}`,
        ...safeExcerpt(text, place.excerpt),
        ...(remedy === undefined ? {} : { remedy }),
      });
    }
  }
}
