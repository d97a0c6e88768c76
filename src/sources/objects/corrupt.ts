import { EngineError } from '../../core/errors.ts';

/** A repository on disk that breaks the rules of its own format. */
export function corrupt(subject: string, cause: string, thrown?: unknown): EngineError {
  return new EngineError('SourceCorrupt', `${subject} cannot be read (SourceCorrupt): ${cause}`, {
    ...(thrown === undefined ? {} : { cause: thrown }),
    remedy: 'fetch the repository again, or run `git fsck` where it comes from',
  });
}

/** An object that is larger than anything a configuration repository needs. */
export function tooLarge(subject: string, sizeBytes: number, limitBytes: number): EngineError {
  return new EngineError(
    'RenderLimit',
    `${subject} is too large (RenderLimit): ${sizeBytes} bytes, the limit is ${limitBytes} bytes`,
    { remedy: 'keep large files outside the folders that are rendered', data: { sizeBytes, limitBytes } },
  );
}
