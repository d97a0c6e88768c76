import { EngineError } from '../../core/errors.ts';
import { findForbiddenCharacter } from './characters.ts';
import { Cursor } from './cursor.ts';
import { YamlFault } from './problem.ts';
import { scanQuotedScalar } from './scan-scalar.ts';

// DEL, C1 controls with NEL, U+FFFE, U+FFFF and surrogates: Go's JSON writes them as they are, and a YAML reader minds.
const RISKY = /[\x7f-\x9f\ufffe\uffff\ud800-\udfff]/;

const UNPAIRED = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * A string as it is after Go's JSON wrote it and yaml.v2 read that: the same, but for NEL, which is a line break in YAML and folds into a
 * space, and for unpaired surrogates. @throws EngineError RenderFailed for characters that YAML does not allow
 */
export function throughGoJson(text: string): string {
  if (!RISKY.test(text)) return text;
  const json = JSON.stringify(text.replaceAll(UNPAIRED, '\ufffd'))
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  const forbidden = findForbiddenCharacter(json);
  if (forbidden >= 0) {
    const code = json.charCodeAt(forbidden).toString(16).toUpperCase().padStart(4, '0');
    throw new EngineError(
      'RenderFailed',
      `text cannot be written as YAML (RenderFailed): character U+${code} is not allowed`,
    );
  }
  try {
    return scanQuotedScalar(new Cursor(json, 0), false).value;
  } catch (thrown) {
    if (!(thrown instanceof YamlFault)) throw thrown;
    throw new EngineError('RenderFailed', `text cannot be written as YAML (RenderFailed): ${thrown.message}`, {
      cause: thrown,
    });
  }
}
