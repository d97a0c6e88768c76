import { resolvePlain, type ScalarRules } from './resolve.ts';

// Base 60 floats are no numbers to Go's libraries, but they quote them for the sake of other readers.
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const OLD_BOOLEANS = new Set('y Y yes Yes YES on On ON n N no No NO off Off OFF'.split(' '));

/** Whether a string would be read as something else if it stood there plain. */
export function needsQuotes(text: string, rules: ScalarRules): boolean {
  const first = text.charCodeAt(0);
  if ((first >= 48 && first <= 57) || first === 43 || first === 45) {
    return resolvePlain(text, rules).type !== 'string' || (text.includes(':') && BASE_60.test(text));
  }
  if (text.length > 5) return first === 46 && resolvePlain(text, rules).type !== 'string';
  return resolvePlain(text, rules).type !== 'string' || (rules === 'v3' && OLD_BOOLEANS.has(text));
}
