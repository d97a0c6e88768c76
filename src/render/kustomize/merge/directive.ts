import { BuildError } from '../problems.ts';
import { clearField, matchField } from '../nodes/fields.ts';
import { isNull, type YamlNode } from '../nodes/node.ts';
import { setItem } from './list-items.ts';

const KEY = '$patch';

export type Directive = 'merge' | 'replace' | 'delete';

/** Reads the `$patch` directive of a patch's map or list and takes it out. @throws BuildError for an unknown one */
export function takeDirective(patch: YamlNode | undefined): Directive {
  if (patch === undefined) return 'merge';
  if (patch.kind === 'list') return takeFromList(patch);
  if (patch.kind === 'map') return takeFromMap(patch);
  throw new BuildError('InvalidPatch', 'a patch has a plain value where the object has a map or a list');
}

function takeFromMap(patch: YamlNode): Directive {
  const value = matchField(patch, KEY);
  if (value === undefined) return 'merge';
  const directive = known(value.text);
  clearField(patch, KEY);
  return directive;
}

function takeFromList(patch: YamlNode): Directive {
  const item = patch.items.find((one) => one.kind === 'map' && !isNull(one) && matchField(one, KEY) !== undefined);
  // Beside other fields it speaks of that item only.
  if (item === undefined || item.entries.length > 1) return 'merge';
  const text = matchField(item, KEY)?.text ?? '';
  const directive = known(text);
  setItem(patch, undefined, [KEY], [text]);
  return directive;
}

function known(text: string): Directive {
  if (text === 'merge' || text === 'replace' || text === 'delete') return text;
  throw new BuildError('InvalidPatch', `unknown $patch directive ${JSON.stringify(text)}`);
}
