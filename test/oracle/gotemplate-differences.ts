import type { Answer, Question } from '../render/helm/gotemplate/evaluate.ts';

/** What the oracle answered. */
export interface OracleAnswer {
  readonly output?: string;
  readonly error?: string;
}

/** Addresses differ from run to run in the real engine. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/0x[0-9a-f]{6,}/gi, '0xADDRESS');
}

function withoutYamlLine(text: string): string {
  return text.replaceAll(/yaml: line \d+: /g, 'yaml: ');
}

/** Where the engine differs from the real one on purpose or for a reason; the name of the reason, or undefined. */
export function knownDifference(question: Question, wanted: OracleAnswer, got: Answer): string | undefined {
  const wantedText = wanted.output ?? wanted.error ?? '';
  const gotText = 'output' in got ? got.output : got.error;
  const isSameKind = (wanted.output !== undefined) === 'output' in got;
  if (isSameKind && gotText !== undefined && withoutAddresses(wantedText) === withoutAddresses(gotText))
    return 'addresses';
  // A template that goes on for ever: the real engine is stopped from outside, ours by its budget.
  if (wantedText.startsWith('oracle: ')) return 'endless';
  // The line that yaml.v2 names is where its scanner stood, not where the fault is.
  if (withoutYamlLine(wantedText) === withoutYamlLine(gotText ?? '')) return 'line of a YAML fault';
  // yaml.v3 writes a text that is not UTF-8 as `!!binary`; our emitter takes text alone, where such bytes are U+FFFD already.
  if (question.template.includes('toYamlPretty') && /!!binary|212162696e617279/.test(wantedText))
    return 'bytes in toYamlPretty';
  // yaml.v2 prints the Go value of a key that is a map or a list; the loader of ours says what is wrong with it.
  if (wantedText.includes('yaml: invalid map key: ') && gotText?.includes('a map or a list cannot be a key') === true)
    return 'map as a YAML key';
  // So does sigs.k8s.io/yaml with the key of a JSON object that is null.
  if (
    wantedText.includes('unsupported map key of type: ') &&
    gotText?.includes('cannot be a key of a JSON object') === true
  )
    return 'null as a YAML key';
  // The processor gives what 0 * ∞ makes a sign, which TOML shows; there is one NaN in JavaScript.
  if (wantedText.includes('-nan') && wantedText.replaceAll('-nan', 'nan') === gotText) return 'sign of a NaN';
  if (wantedText.includes('is an unexported field of struct type time.Time')) return 'private fields of a time';
  // Whether a character can be shown is known by Unicode's tables, of which Go has version 15 and we those of the platform.
  if (wantedText.length > 1_000_000 && question.template.includes('%q')) return 'characters newer than Unicode 15';
  // yaml.v3 writes the fields of a struct in their order and in small letters, and a time without quotes; our emitter takes JSON alone.
  if (question.template.includes('toYamlPretty') && /\.Capabilities|toDate|now/.test(question.template))
    return 'structs in toYamlPretty';
  // Go prints the private fields of a time under verbs that are not those of texts.
  if (
    /toDate|now/.test(question.template) &&
    gotText?.includes('{}') === true &&
    /\{.*(?:u?int64=|\d).*\}/s.test(wantedText)
  )
    return 'private fields of a time';
  return undefined;
}
