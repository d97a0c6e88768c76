import { fn, any, type FunctionGroup, str } from './define.ts';
import { GoMap, type GoValue } from '../gotemplate/values.ts';
import { orElse } from './json.ts';
import { readToml } from './toml-read.ts';
import { writeToml } from './toml-write.ts';

export const TOML_FUNCTIONS: FunctionGroup = {
  // A panic of the encoder ends the render in both; an error value of it is the text itself in toToml.
  toToml: fn([any], (value, context) =>
    orElse(
      () => writeToml(value, context.budget),
      (error) => {
        if (error.bytes.startsWith('reflect:')) throw error;
        return error.bytes;
      },
    ),
  ),
  mustToToml: fn([any], (value, context) => writeToml(value, context.budget)),
  fromToml: fn([str], (text) =>
    orElse<GoValue>(
      () => readToml(text),
      (error) => new GoMap(new Map([['Error', error.bytes]])),
    ),
  ),
};
