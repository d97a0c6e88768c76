import { BuildError } from '../problems.ts';
import type { FolderFiles } from '../files.ts';
import type { GeneratorSource } from '../kustomization.ts';

const LINE_BYTES = 65_536;

/** Keys and contents of a generator: env files, literals, files, in this order. @throws BuildError; contents are never shown */
export function readKeyValues(source: GeneratorSource, files: FolderFiles, field: string): Map<string, Uint8Array> {
  const result = new Map<string, Uint8Array>();
  const add = (key: string, value: Uint8Array): void => {
    if (result.has(key))
      throw new BuildError('DuplicateKey', `${field}: ${source.name} has the key ${JSON.stringify(key)} twice`);
    result.set(key, value);
  };
  for (const path of source.envs) {
    for (const [key, value] of parseEnvFile(files.read(path, `${field} envs`).bytes, path, field)) add(key, value);
  }
  for (const literal of source.literals) {
    const { key, value } = parseLiteral(literal, field);
    add(key, new TextEncoder().encode(value));
  }
  for (const file of source.files) {
    const { key, path } = parseFileSource(file, field);
    add(key, files.read(path, `${field} files`).bytes);
  }
  return result;
}

function parseLiteral(literal: string, field: string): { readonly key: string; readonly value: string } {
  const equals = literal.indexOf('=');
  if (equals <= 0) throw new BuildError('InvalidField', `${field}: a literal is not of the form key=value`);
  return { key: literal.slice(0, equals), value: unquote(literal.slice(equals + 1)) };
}

function unquote(text: string): string {
  const first = text[0];
  if (text.length < 2 || first !== text.at(-1)) return text;
  return first === '"' || first === "'" ? text.slice(1, -1) : text;
}

/** `key=path`, or a path whose last name is the key. */
function parseFileSource(source: string, field: string): { readonly key: string; readonly path: string } {
  const parts = source.split('=');
  const [key = '', path = ''] = parts;
  if (parts.length === 1) return { key: baseName(source), path: source };
  if (parts.length > 2)
    throw new BuildError('InvalidField', `${field}: ${JSON.stringify(source)} holds more than one =`);
  if (key === '' || path === '')
    throw new BuildError('InvalidField', `${field}: ${JSON.stringify(source)} is not of the form key=path`);
  return { key, path };
}

function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  if (trimmed === '') return path === '' ? '.' : '/';
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** `KEY=value` lines; a line without `=` is a key with an empty value, `#` starts a comment. */
function parseEnvFile(bytes: Uint8Array, path: string, field: string): [string, Uint8Array][] {
  const found: [string, Uint8Array][] = [];
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let start = 0;
  for (let line = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    const stop = end < 0 ? bytes.length : end;
    // A longer line ends the reading, silently, in Kustomize too.
    if (stop - start >= LINE_BYTES) break;
    let raw = bytes.subarray(start, stop);
    start = stop + 1;
    if (raw.at(-1) === 13) raw = raw.subarray(0, -1);
    let content: string;
    try {
      content = decoder.decode(raw);
    } catch {
      throw new BuildError('InvalidText', `${field}: line ${line + 1} of ${path} is not UTF-8 text`);
    }
    if (line === 0 && content.startsWith('\uFEFF')) content = content.slice(1);
    content = trimLeft(content);
    if (content === '' || content.startsWith('#')) continue;
    const equals = content.indexOf('=');
    const key = equals < 0 ? content : content.slice(0, equals);
    if (key === '') continue;
    found.push([key, new TextEncoder().encode(equals < 0 ? '' : content.slice(equals + 1))]);
  }
  return found;
}

function trimLeft(text: string): string {
  return text.replace(/^[\t\n\v\f\r \u0085\u00A0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/, '');
}
