/** Full jitter: anything between nothing and the doubled base, so that many clients do not come back at once. */
export function backoffMs(
  attempt: number,
  options: { readonly baseMs: number; readonly capMs: number; readonly random: () => number },
): number {
  return options.random() * Math.min(options.capMs, options.baseMs * 2 ** Math.min(attempt, 30));
}

/**
 * How long a `Retry-After` header asks to wait: whole seconds, or a date (RFC 9110 §10.2.3). Undefined when it says neither; at most
 * `capMs`, so that no server can park a client for ever.
 */
export function retryAfterMs(header: string | undefined, nowMs: number, capMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Math.min(capMs, Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.min(capMs, Math.max(0, date - nowMs));
}
