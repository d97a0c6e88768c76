import { EngineError, messageOf } from '../core/errors.ts';
import { describeKey } from '../core/object-key.ts';
import type { Step } from '../core/plan.ts';

/** Whatever a step threw, as a typed error that names the object and says what to do. */
export function toEngineError(thrown: unknown, step: Step): EngineError {
  if (!(thrown instanceof EngineError)) {
    return new EngineError(
      'ApplyFailed',
      `${describeKey(step.key)} ${verbOf(step)} failed (Internal): ${messageOf(thrown)}`,
      { cause: thrown },
    );
  }
  const remedy = thrown.remedy ?? remedyOf(thrown);
  return new EngineError(thrown.code, thrown.message, {
    data: thrown.data,
    cause: thrown.cause,
    ...(remedy === undefined ? {} : { remedy }),
  });
}

function verbOf(step: Step): string {
  return step.action === 'delete' ? 'delete' : 'apply';
}

function remedyOf(error: EngineError): string | undefined {
  switch (error.code) {
    case 'FieldConflict':
      return 'let the other manager go of the fields, leave them out of Git, ignore them (spec.ignore), or set sync.conflicts: force';
    case 'FieldImmutable':
      return 'undo the change, or allow delete and create with sync.immutable: replace or the annotation evenkeel.dev/immutable: replace';
    case 'ClusterDenied':
      return 'give the identity that applies this application the named right';
    case 'KindUnknown':
      return 'install the CustomResourceDefinition, or correct apiVersion and kind';
    default:
      return undefined;
  }
}
