import { type GoValue, typeOf } from '../gotemplate/values.ts';

/** `%T` */
export function typeName(value: GoValue): string {
  return typeOf(value)?.name ?? '<nil>';
}

/** reflect.Kind as it prints. */
export function kindName(value: GoValue): string {
  return typeOf(value)?.kind ?? 'invalid';
}
