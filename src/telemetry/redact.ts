const MASK = '[redacted]';
const MAX_DEPTH = 8;
const MAX_NODES = 2000;
const MAX_TEXT = 8000;

/** Names of fields whose values are never written, whatever they hold. */
const SECRET_KEY =
  /(?:pass(?:word|wd|phrase)?|secret|token|authorization|cookie|credential|api[-_]?key|private[-_]?key|access[-_]?key|client[-_]?key|kubeconfig|bearer)s?$/i;

/** Names that end like secrets and are none: they hold names or counts. */
const HARMLESS_KEY = /^(?:secretName|continueToken|tokens?Count|hasToken|hasSecret)$/;

/** Texts that are secrets by their form. Each is linear: no nested repetition. */
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g, MASK],
  [/\b(Bearer|Basic|Token)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, MASK],
  [
    /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|gl(?:pat|dt|rt|ptt|cbt)-[\w-]{16,}|xox[abposr]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}|sk_live_\w{16,}|npm_\w{30,}|hvs\.\w{20,}|dckr_pat_[\w-]{20,}|ATBB\w{24,}|AGE-SECRET-KEY-1\w{50,})/g,
    MASK,
  ],
  // userinfo of a URL
  [/([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@"'<>]{1,500}@/gi, `$1${MASK}@`],
  [
    /\b(password|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|sig|signature)(["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"',;&}]{3,}/gi,
    `$1$2${MASK}`,
  ],
];

/** A text without what looks like a secret, cut to a length that a log can bear. */
export function redactText(text: string): string {
  let clean = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… (${text.length} characters)` : text;
  for (const [pattern, replacement] of SECRET_TEXT) clean = clean.replace(pattern, replacement);
  return clean;
}

/**
 * Fields of a log line as plain JSON: secrets masked by name and by form, data of Kubernetes Secrets always, errors as name, code and
 * message, objects of classes (agents, requests, sockets) by the name of their class alone. Bounded in depth and size; cycles end.
 */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return new Redaction().object(fields, 0);
}

class Redaction {
  #nodes = 0;
  readonly #open = new Set<object>();

  object(value: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
    const isSecret = value['kind'] === 'Secret';
    const clean: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    this.#open.add(value);
    for (const key of Object.keys(value)) {
      if (++this.#nodes > MAX_NODES) {
        clean['…'] = 'cut';
        break;
      }
      if (value[key] === undefined) continue;
      const hidden =
        (SECRET_KEY.test(key) && !HARMLESS_KEY.test(key) && isText(value[key])) ||
        (isSecret && (key === 'data' || key === 'stringData'));
      clean[key] = hidden ? MASK : this.#value(value[key], depth + 1);
    }
    this.#open.delete(value);
    return clean;
  }

  #value(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return redactText(value);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'bigint':
        return value.toString();
      case 'boolean':
        return value;
      case 'object':
        return value === null ? null : this.#compound(value, depth);
      default:
        return `[${typeof value}]`;
    }
  }

  #compound(value: object, depth: number): unknown {
    if (depth > MAX_DEPTH) return '[deep]';
    if (this.#open.has(value)) return '[circular]';
    if (value instanceof Error) return this.#error(value, depth);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
    if (Array.isArray(value)) return this.#list(value, depth);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null)
      return this.object(value as Record<string, unknown>, depth);
    return `[${value.constructor?.name ?? 'object'}]`;
  }

  #list(value: readonly unknown[], depth: number): unknown {
    this.#open.add(value);
    const clean: unknown[] = [];
    for (const item of value) {
      if (++this.#nodes > MAX_NODES) {
        clean.push('… cut');
        break;
      }
      clean.push(this.#value(item, depth + 1));
    }
    this.#open.delete(value);
    return clean;
  }

  #error(value: Error, depth: number): unknown {
    const { code, data } = value as { readonly code?: unknown; readonly data?: unknown };
    return {
      name: value.name,
      message: redactText(value.message),
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof data === 'object' && data !== null ? { data: this.#compound(data, depth + 1) } : {}),
      ...(value.stack === undefined ? {} : { stack: redactText(value.stack) }),
    };
  }
}

/** Only texts can be secrets; a boolean or a number under such a name is a fact. An object could hold one. */
function isText(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}
