import { textOf } from '../gotemplate/format.ts';
import { STRINGS } from '../gotemplate/types.ts';
import { GoBytes, GoSlice, type GoValue, itemsOf } from '../gotemplate/values.ts';

/** sprig's toString: strings and bytes as they are, everything else as it prints. */
export function strval(value: GoValue): string {
  if (typeof value === 'string') return value;
  return value instanceof GoBytes ? value.data : textOf(value);
}

/**
 * sprig's toStrings: a list without its nils, a nil as nothing, anything else as a list of one. A `[]string` is given back itself,
 * not a copy.
 */
export function strslice(value: GoValue): GoSlice {
  if (value instanceof GoSlice && value.type === STRINGS) return value;
  const items = itemsOf(value);
  if (items !== undefined)
    return new GoSlice(items.filter((item) => item !== null && item !== undefined).map(strval), STRINGS);
  if (value === null || value === undefined) return new GoSlice([], STRINGS);
  return new GoSlice([strval(value)], STRINGS);
}

/** A `[]string`. */
export function stringList(texts: readonly string[]): GoSlice {
  return new GoSlice([...texts], STRINGS);
}

/** The byte strings of a `[]string`. */
export function stringsOf(slice: GoSlice): string[] {
  return slice.items.map((item) => (typeof item === 'string' ? item : strval(item)));
}
