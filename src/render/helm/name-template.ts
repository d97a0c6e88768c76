import { EngineError } from '../../core/errors.ts';
import type { EntropySource } from './functions/entropy.ts';
import { sprigFunctions } from './functions/function-map.ts';
import { Budget } from './gotemplate/budget.ts';
import { fromBytes, toBytes } from './gotemplate/byte-string.ts';
import { TemplateSet } from './gotemplate/engine.ts';
import { GoError } from './gotemplate/errors.ts';

/** The release name that `--name-template` writes: a template with the functions of sprig and no data. @throws EngineError UsageInvalid */
export function nameFromTemplate(text: string, entropy: EntropySource): string {
  try {
    const set = new TemplateSet('name-template', sprigFunctions({ entropy }), { missingKey: 'default' });
    set.parse('name-template', toBytes(text));
    return fromBytes(set.executeBytes('name-template', null, new Budget()));
  } catch (thrown) {
    if (!(thrown instanceof GoError)) throw thrown;
    throw new EngineError(
      'UsageInvalid',
      `option --name-template cannot be used (UsageInvalid): ${fromBytes(thrown.bytes)}`,
    );
  }
}
