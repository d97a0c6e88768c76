import { parse, TomlDate, TomlError, type TomlValue } from 'smol-toml';
import { fromBytes, toBytes } from '../gotemplate/byte-string.ts';
import { GoError } from '../gotemplate/errors.ts';
import { LIST, sliceOf, MAP } from '../gotemplate/types.ts';
import { goInt64, GoMap, GoSlice, type GoValue } from '../gotemplate/values.ts';
import { goTime } from './go-time.ts';
import { instantOfDate } from './go-time.ts';
import { fixedZone, LOCAL, UTC } from './zones.ts';

/** TOML → a map as BurntSushi's decoder makes it. @throws GoError */
export function readToml(text: string): GoMap {
  try {
    const value = fromToml(parse(fromBytes(text), { integersAsBigInt: true }));
    return value instanceof GoMap ? value : new GoMap();
  } catch (thrown) {
    if (thrown instanceof TomlError)
      throw new GoError(toBytes(`toml: line ${thrown.line}: ${firstLine(thrown.message)}`));
    throw thrown;
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
}

function fromToml(value: TomlValue): GoValue {
  switch (typeof value) {
    case 'string':
      return toBytes(value);
    case 'bigint':
      return goInt64(value);
    case 'number':
    case 'boolean':
      return value;
    default:
      break;
  }
  if (value instanceof TomlDate) return dateValue(value);
  if (Array.isArray(value)) {
    const items = value.map(fromToml);
    const isTables = items.length > 0 && items.every((item) => item instanceof GoMap);
    return new GoSlice(items, isTables ? sliceOf(MAP) : LIST);
  }
  const entries = new Map<string, GoValue>();
  for (const key of Object.keys(value)) entries.set(toBytes(key), fromToml(value[key] ?? ''));
  return new GoMap(entries);
}

/** Local dates and times have the local zone, which is UTC here. */
function dateValue(date: TomlDate): GoValue {
  const offset = /([+-])(\d\d):(\d\d)$/.exec(date.toISOString());
  const seconds =
    offset === null ? 0 : (Number(offset[2]) * 60 + Number(offset[3])) * 60 * (offset[1] === '-' ? -1 : 1);
  const zone = date.isLocal() ? LOCAL : seconds === 0 ? UTC : fixedZone('', seconds);
  return goTime({ ...instantOfDate(date), zone });
}
