import { loadYaml } from '../../yaml/load.ts';
import { MISMATCH, resolvePlain as resolveText, resolveTagged, type Scalar } from '../../yaml/resolve.ts';
import { TAG } from './node.ts';

const TAG_OF: Readonly<Record<Scalar['type'], string>> = {
  null: TAG.null,
  bool: TAG.bool,
  int: TAG.int,
  float: TAG.float,
  timestamp: TAG.timestamp,
  string: TAG.string,
};

/** A scalar's value as yaml.v3 sees it. Integers are bigint, a timestamp is RFC 3339. */
export interface ScalarValue {
  readonly tag: string;
  readonly value: null | boolean | bigint | number | string;
}

/** The tag that a plain scalar has by its text. */
export function resolvePlain(text: string): string {
  return TAG_OF[resolveText(text, 'v3').type];
}

/** The value of a scalar by its tag ('' = by its text). Undefined when the text does not fit the tag. */
export function resolveScalar(tag: string, text: string): ScalarValue | undefined {
  if (tag === TAG.none) return valueOf(resolveText(text, 'v3'));
  if (tag === TAG.string) return { tag, value: text };
  if (!tag.startsWith('!!') || tag === TAG.binary || tag === TAG.merge) return { tag, value: text };
  const found = resolveTagged(`tag:yaml.org,2002:${tag.slice(2)}`, text, 'v3');
  if (found === MISMATCH) return undefined;
  return found.type === 'string' ? { tag, value: text } : valueOf(found);
}

function valueOf(scalar: Scalar): ScalarValue {
  switch (scalar.type) {
    case 'null':
      return { tag: TAG.null, value: null };
    case 'int':
      return { tag: TAG.int, value: scalar.value.value };
    default:
      return { tag: TAG_OF[scalar.type], value: scalar.value };
  }
}

const STRUCTURE = /^[\s\-?:,[\]{}#&*!|>'"%@`]|: |:$|\s#|\s$/;

/** Whether a YAML 1.1 reader takes a text for something else than a text: such values get quotes when they are set. */
export function isNoTextInYaml11(text: string): boolean {
  if (text === '' || text.includes('\n')) return false;
  const { type } = resolveText(text, 'v2');
  if (type !== 'string' && type !== 'timestamp') return true;
  if (!STRUCTURE.test(text)) return false;
  const stream = loadYaml(text, 'helm');
  if (stream.problems.length > 0) return false;
  return typeof stream.documents[0]?.value !== 'string';
}
