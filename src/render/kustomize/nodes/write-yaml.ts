import { blockHints } from '../../yaml/fold.ts';
import { shapeOf } from '../../yaml/scalar-style.ts';
import { BuildError } from '../problems.ts';
import { QUOTED, STYLE, TAG, type YamlNode } from './node.ts';
import { resolvePlain } from './scalar.ts';

/**
 * A tree as YAML text the way Kustomize writes files: keys in their order, every scalar as it was written, two spaces of indentation,
 * lists at the indentation of their key. Comments are not kept. @throws BuildError for what cannot be written
 */
export function writeYaml(node: YamlNode): string {
  return inBlock(node) ? `${block(node, 0)}\n` : `${line(node, 0, 'block')}\n`;
}

type Where = 'block' | 'key' | 'flow';

function inBlock(node: YamlNode): boolean {
  const filled = (node.kind === 'map' && node.entries.length > 0) || (node.kind === 'list' && node.items.length > 0);
  return filled && (node.style & STYLE.flow) === 0;
}

/** A block collection whose first line starts where the text stands; the others at the indentation. */
function block(node: YamlNode, indent: number): string {
  const spaces = ' '.repeat(indent);
  if (node.kind === 'list') {
    return node.items
      .map((item) => {
        if (inBlock(item)) return `- ${block(item, indent + 2)}`;
        return after('-', line(item, indent, 'block'));
      })
      .join(`\n${spaces}`);
  }
  return node.entries
    .map(({ key, value }) => {
      const name = `${line(key, indent, 'key')}:`;
      if (!inBlock(value)) return after(name, line(value, indent, 'block'));
      const inner = value.kind === 'list' ? indent : indent + 2;
      return `${name}\n${' '.repeat(inner)}${block(value, inner)}`;
    })
    .join(`\n${spaces}`);
}

function after(start: string, text: string): string {
  return text === '' ? start : start === '' ? text : `${start} ${text}`;
}

function line(node: YamlNode, indent: number, where: Where): string {
  switch (node.kind) {
    case 'map':
      return `{${node.entries.map(({ key, value }) => after(`${line(key, indent, 'flow')}:`, line(value, indent, 'flow'))).join(', ')}}`;
    case 'list':
      return `[${node.items.map((item) => line(item, indent, 'flow')).join(', ')}]`;
    case 'none':
      return 'null';
    case 'scalar':
      return after(neededTag(node), scalar(node, indent, where)).trimEnd();
  }
}

/** The tag of a value whose text does not say what it is any more. */
function neededTag(node: YamlNode): string {
  const { tag, text } = node;
  if (tag === TAG.none || tag === TAG.string) return '';
  return resolvePlain(text) === tag ? '' : tag;
}

function scalar(node: YamlNode, indent: number, where: Where): string {
  const { text, style, tag } = node;
  if ((style & STYLE.tagged) !== 0) throw new BuildError('NotSupported', 'a value with a tag cannot be written');
  const shape = shapeOf(text, 'block');
  if ((style & STYLE.double) !== 0) return doubleQuoted(text);
  if ((style & STYLE.single) !== 0)
    return shape.singleQuoted && !shape.multiline ? singleQuoted(text) : doubleQuoted(text);
  if ((style & STYLE.folded) !== 0) throw new BuildError('NotSupported', 'a folded block cannot be written');
  if ((style & STYLE.literal) !== 0 || text.includes('\n')) {
    return where === 'block' && shape.block ? literal(text, indent) : doubleQuoted(text);
  }
  if (tag === TAG.string && (style & QUOTED) === 0 && resolvePlain(text) !== TAG.string) return doubleQuoted(text);
  if (text === '') return where === 'block' ? '' : "''";
  const plain = shape.blockPlain && !(where === 'flow' && /[,?[\]{}]/.test(text));
  if (plain) return text;
  return shape.singleQuoted ? singleQuoted(text) : doubleQuoted(text);
}

function literal(text: string, indent: number): string {
  const spaces = ' '.repeat(indent + 2);
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  return `|${blockHints(text)}\n${body
    .split('\n')
    .map((one) => (one === '' ? '' : spaces + one))
    .join('\n')}`;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(text: string): string {
  const escaped = text.replaceAll(/["\\\0-\x1f\x7f-\xa0\u2028\u2029\ufeff]|[\u{10000}-\u{10ffff}]/gu, (character) => {
    const known = ESCAPES[character];
    if (known !== undefined) return known;
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16).toUpperCase();
    if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  });
  return `"${escaped}"`;
}
