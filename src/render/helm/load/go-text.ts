/** Beyond it, Go's YAML reader makes a float of a whole number. */
const LARGEST_INTEGER = 2 ** 64;

/**
 * A number where text belongs, as Go's sigs.k8s.io/yaml turns it into text: whole numbers keep all digits, others are written with
 * the shortest digits of a 32-bit float.
 */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < LARGEST_INTEGER) return BigInt(value).toString();
  const single = Math.fround(value);
  let precision = 1;
  while (precision < 9 && Math.fround(Number(single.toPrecision(precision))) !== single) precision++;
  const [mantissa = '', exponentText = '0'] = single.toExponential(precision - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return single.toFixed(Math.max(0, precision - 1 - exponent));
  const digits = Math.abs(exponent).toString().padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
}

/** Spaces of any kind become a blank, and characters that cannot be printed are dropped: what Helm does to texts of Chart.yaml. */
export function sanitizeText(text: string): string {
  return text.replaceAll(/[\s\u0085]/gu, ' ').replaceAll(/[^ \p{L}\p{M}\p{N}\p{P}\p{S}]/gu, '');
}
