import { own, type Json } from '../../core/json.ts';
import type { Accumulator } from './accumulator.ts';
import type { BuildContext } from './context.ts';
import type { EditCache } from './edits.ts';
import { addTransformations } from './origin.ts';
import { BuildError, findPlace } from './problems.ts';
import { idKey } from './resource-id.ts';
import type { Resource } from './resource.ts';
import type { ResourceSet } from './resource-set.ts';
import type { SharedTree } from './shared-tree.ts';
import type { EachStep, Transformer } from './transform/transformer.ts';

/** Runs all transformers; what one of them finds wrong does not keep the others from saying what they find. */
export function runTransformers(
  result: Accumulator,
  transformers: readonly Transformer[],
  context: BuildContext,
): void {
  for (let at = 0; at < transformers.length; ) {
    const steps = stepsFrom(transformers, at);
    const isDone = steps.length > 0 && editEach(result.set, steps, context);
    const end = at + Math.max(1, steps.length);
    if (!isDone) for (const transformer of transformers.slice(at, end)) runOver(result.set, transformer, context);
    at = end;
  }
}

function runOver(set: ResourceSet, transformer: Transformer, context: BuildContext): void {
  context.problems.collect(transformer.place, () => {
    transformer.run(set);
    set.touch();
    if (transformer.origin !== undefined) addTransformations(set.list(), transformer.origin);
    set.dropEmpty();
  });
}

/** The transformers from here on that work object by object. */
function stepsFrom(transformers: readonly Transformer[], start: number): readonly EachStep[] {
  const steps: EachStep[] = [];
  for (const { each, origin } of transformers.slice(start)) {
    if (each === undefined || origin !== undefined) break;
    steps.push(each);
  }
  return steps;
}

/**
 * Runs steps object by object, taking over what they made of the same tree before. Answers false, with everything as it was, when
 * something goes wrong or ids would not be different any more: running them one by one over all objects then says what.
 */
function editEach(set: ResourceSet, steps: readonly EachStep[], context: BuildContext): boolean {
  const resources = set.list();
  if (context.hasSchemas || resources.length === 0) return false;
  const before = resources.map((resource) => resource.share());
  try {
    const ids = new Set<string>();
    for (const [index, resource] of resources.entries()) {
      // An object of another kind than it was read with goes its own ways.
      if (resource.previousIds.length > 0 && resource.originalId.kind !== resource.kind) throw GIVE_UP;
      editOne(resource, before[index] as SharedTree, steps, context.cache.edits);
      ids.add(idKey(resource.id));
    }
    if (ids.size < resources.length) throw GIVE_UP;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    for (const [index, resource] of resources.entries()) resource.adopt(before[index] as SharedTree);
    return false;
  }
  set.touch();
  return true;
}

const GIVE_UP = new BuildError('NotTogether', 'the steps have to be run one by one');

function editOne(resource: Resource, tree: SharedTree, steps: readonly EachStep[], edits: EditCache): void {
  const wanted = steps.filter((step) => step.touches?.(tree) !== false);
  if (wanted.length === 0) return;
  const key = wanted.map((step) => step.key).join(' ');
  const known = edits.find(tree, key);
  if (known !== undefined) {
    resource.adopt(known);
    return;
  }
  for (const step of wanted) step.edit(resource);
  edits.put(tree, key, resource);
}

const VALIDATED_BY = 'validated-by';

/** A validator must leave objects as they are, but for its mark. @throws BuildError */
export function runValidator(result: Accumulator, validator: Transformer): void {
  const before = result.set.list().map(fingerprint);
  validator.run(result.set);
  result.set.touch();
  const after = result.set.list().map(fingerprint);
  if (before.length !== after.length || before.some((text, index) => text !== after[index]))
    throw new BuildError('ValidatorChanged', `validator ${validator.kind} changed objects`, {
      place: findPlace(validator.place),
    });
}

function fingerprint(resource: Resource): string {
  const copy = resource.copy();
  const labels = copy.labels();
  if (labels.delete(VALIDATED_BY)) copy.setLabels(labels);
  return JSON.stringify(own({ tree: copy.view as unknown as Json }, 'tree'));
}
