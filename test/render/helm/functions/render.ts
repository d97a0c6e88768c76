import type { EntropySource } from '../../../../src/render/helm/functions/entropy.ts';
import { helmFunctions } from '../../../../src/render/helm/functions/function-map.ts';
import { TemplateSet } from '../../../../src/render/helm/gotemplate/engine.ts';
import { goMap } from '../../../../src/render/helm/gotemplate/values.ts';

/** What one template prints with a source of entropy. */
export function render(template: string, entropy: EntropySource): string {
  const set = new TemplateSet('gotpl', helmFunctions({ entropy }), { missingKey: 'zero' });
  set.parse('c/templates/t.yaml', template);
  return set.execute('c/templates/t.yaml', goMap({}));
}
