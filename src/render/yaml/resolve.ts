import { type GoInteger, parseGoDigits, parseGoInteger } from './go-number.ts';
import { parseGoTimestamp } from './go-time.ts';

/** What a scalar means: Go's type, told apart where the difference shows (an int 1 and a float 1.0 are two map keys). */
export type Scalar =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: GoInteger }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'timestamp'; readonly value: string }
  | { readonly type: 'string'; readonly value: string };

export type ScalarRules = 'v2' | 'v3';

const PREFIX = 'tag:yaml.org,2002:';
export const STRING_TAG = `${PREFIX}str`;
export const BINARY_TAG = `${PREFIX}binary`;
const NULL_TAG = `${PREFIX}null`;
export const MERGE_TAG = `${PREFIX}merge`;
const TAG_TYPES = new Map<string, Scalar['type']>([
  [`${PREFIX}bool`, 'bool'],
  [`${PREFIX}int`, 'int'],
  [`${PREFIX}float`, 'float'],
  [NULL_TAG, 'null'],
  [`${PREFIX}timestamp`, 'timestamp'],
]);

const NULL: Scalar = { type: 'null' };
const TRUE: Scalar = { type: 'bool', value: true };
const FALSE: Scalar = { type: 'bool', value: false };

function wordsOf(entries: readonly (readonly [Scalar, string])[]): ReadonlyMap<string, Scalar> {
  const words = new Map<string, Scalar>();
  for (const [scalar, list] of entries) for (const word of list.split(' ')) words.set(word, scalar);
  return words;
}

const SHARED_WORDS: readonly (readonly [Scalar, string])[] = [
  [TRUE, 'true True TRUE'],
  [FALSE, 'false False FALSE'],
  [NULL, '~ null Null NULL'],
  [{ type: 'float', value: Number.NaN }, '.nan .NaN .NAN'],
  [{ type: 'float', value: Number.POSITIVE_INFINITY }, '.inf .Inf .INF +.inf +.Inf +.INF'],
  [{ type: 'float', value: Number.NEGATIVE_INFINITY }, '-.inf -.Inf -.INF'],
];
const WORDS: Readonly<Record<ScalarRules, ReadonlyMap<string, Scalar>>> = {
  v2: wordsOf([...SHARED_WORDS, [TRUE, 'y Y yes Yes YES on On ON'], [FALSE, 'n N no No NO off Off OFF']]),
  v3: wordsOf(SHARED_WORDS),
};

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
// What strconv.ParseFloat takes of a text that begins with a dot; underscores are not among it.
const DOT_FLOAT = /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/;

/** Whether the first character alone says that a plain scalar is a string by both rules. False also for some strings. */
export function isSurelyString(text: string): boolean {
  switch (text.charCodeAt(0)) {
    case 121: // y Y n N t T f F o O begin words, of at most five letters
    case 89:
    case 110:
    case 78:
    case 116:
    case 84:
    case 102:
    case 70:
    case 111:
    case 79:
      return text.length > 5;
    case 126: // ~
    case 43: // + - .
    case 45:
    case 46:
      return false;
    default: {
      const first = text.charCodeAt(0);
      return first > 57 || first === 47 || first === 36 || first === 40 || first === 61;
    }
  }
}

const SMALL_INTEGER = /^[1-9][0-9]{0,14}$/;

/** What a plain, untagged scalar means. */
export function resolvePlain(text: string, rules: ScalarRules): Scalar {
  if (text === '') return NULL;
  const first = text.charCodeAt(0);
  // Only these first characters can make something else than a string: signs, digits, '.', '~', and letters of the words.
  if (first >= 49 && first <= 57 && SMALL_INTEGER.test(text)) {
    return { type: 'int', value: { value: BigInt(text), unsigned: false } };
  }
  if ((first >= 48 && first <= 57) || first === 43 || first === 45) {
    return WORDS[rules].get(text) ?? resolveNumber(text, rules, true);
  }
  if (first === 46) {
    const word = WORDS[rules].get(text);
    if (word !== undefined) return word;
    return (DOT_FLOAT.test(text) ? finiteFloat(text) : undefined) ?? { type: 'string', value: text };
  }
  const word = text.length <= 5 ? WORDS[rules].get(text) : undefined;
  return word ?? { type: 'string', value: text };
}

function resolveNumber(text: string, rules: ScalarRules, timestamps: boolean): Scalar {
  if (timestamps) {
    const time = parseGoTimestamp(text);
    if (time !== undefined) return { type: 'timestamp', value: time };
  }
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const integer = parseGoInteger(plain);
  if (integer !== undefined) return { type: 'int', value: integer };
  const float = FLOAT.test(plain) ? finiteFloat(plain) : undefined;
  if (float !== undefined) return float;
  const oddInteger = prefixedInteger(plain, '0b', 2) ?? (rules === 'v3' ? prefixedInteger(plain, '0o', 8) : undefined);
  return oddInteger === undefined ? { type: 'string', value: text } : { type: 'int', value: oddInteger };
}

function finiteFloat(text: string): Scalar | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? { type: 'float', value } : undefined;
}

/** `0b-1` and `-0b1` are read by cutting the prefix off: a sign inside is taken too. */
function prefixedInteger(text: string, prefix: string, base: 2 | 8): GoInteger | undefined {
  if (text.startsWith(prefix)) return parseGoDigits(text.slice(prefix.length), base);
  if (!text.startsWith(`-${prefix}`)) return undefined;
  const digits = text.slice(prefix.length + 1);
  const integer = /^[+-]/.test(digits) ? undefined : parseGoDigits(`-${digits}`, base);
  return integer?.unsigned === true ? undefined : integer;
}

/** The tag and the text disagree. */
export const MISMATCH = 'mismatch';

/**
 * What a tagged scalar means; the style no longer counts then. Tags that are not of YAML's own leave a string.
 * `binary` is left to the caller: the text is base64.
 */
export function resolveTagged(tag: string, text: string, rules: ScalarRules): Scalar | typeof MISMATCH {
  const wanted = TAG_TYPES.get(tag);
  if (wanted === undefined) return { type: 'string', value: text };
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45;
  const found = numeric
    ? (WORDS[rules].get(text) ?? resolveNumber(text, rules, wanted === 'timestamp'))
    : resolvePlain(text, rules);
  if (found.type === wanted) return found;
  if (wanted === 'float' && found.type === 'int' && !found.value.unsigned) {
    return { type: 'float', value: Number(found.value.value) };
  }
  return MISMATCH;
}
