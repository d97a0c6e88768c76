// Escapes of JSON strings that YAML does not have: `\/`, and characters beyond U+FFFF as two halves. DEL and C1 stand raw in JSON.
const ESCAPE = /\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|(.))/gs;
const RAW = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/g;

/**
 * A JSON text as YAML that means the same, so that one reader with one set of limits and positions serves both. Lines stay where they are.
 */
export function jsonAsYaml(text: string): string {
  return text
    .replaceAll(
      ESCAPE,
      (match: string, high: string | undefined, low: string | undefined, single: string | undefined) => {
        if (high !== undefined && low !== undefined) {
          return String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16));
        }
        return single === '/' ? '/' : match;
      },
    )
    .replaceAll(RAW, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
