const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Amounts are whole nano-units: no quantity is finer. */
const NANO = 1_000_000_000n;

export interface Quantity {
  readonly nano: bigint;
  readonly form: 'decimal' | 'binary' | 'exponent';
}

/** Reads a quantity; undefined when it is none. Finer than nano is rounded up, away from zero. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?)(\d+\.?\d*|\.\d+)([a-zA-Z]*)([+-]?\d+)?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = '', suffix = '', power] = match;
  let factor: { readonly multiply: bigint; readonly form: Quantity['form'] } | undefined;
  let exponent = 0;
  if (power !== undefined) {
    if (suffix !== 'e' && suffix !== 'E') return undefined;
    exponent = Number(power);
    if (Math.abs(exponent) > 40) return undefined;
    factor = { multiply: NANO, form: 'exponent' };
  } else if (BINARY.includes(suffix)) {
    factor = { multiply: NANO * 1024n ** BigInt(BINARY.indexOf(suffix) + 1), form: 'binary' };
  } else if (DECIMAL.includes(suffix)) {
    factor = { multiply: 1000n ** BigInt(DECIMAL.indexOf(suffix)), form: 'decimal' };
  }
  if (factor === undefined) return undefined;
  const [whole = '', fraction = ''] = digits.split('.');
  if (whole.length + fraction.length > 60) return undefined;
  let numerator = BigInt(`${whole}${fraction}` || '0') * factor.multiply;
  const scale = fraction.length - exponent;
  if (scale < 0) numerator *= 10n ** BigInt(-scale);
  else {
    const divisor = 10n ** BigInt(scale);
    numerator = numerator / divisor + (numerator % divisor === 0n ? 0n : 1n);
  }
  return { nano: sign === '-' ? -numerator : numerator, form: factor.form };
}

/** The canonical text: the largest suffix that leaves a whole number, in the form in which it was written. */
export function formatQuantity({ nano, form }: Quantity): string {
  if (nano === 0n) return '0';
  const sign = nano < 0n ? '-' : '';
  let amount = nano < 0n ? -nano : nano;
  if (form === 'binary' && amount >= 1024n * NANO) {
    amount = amount / NANO + (amount % NANO === 0n ? 0n : 1n);
    let step = -1;
    while (step < BINARY.length - 1 && amount % 1024n === 0n) {
      amount /= 1024n;
      step++;
    }
    return `${sign}${amount}${step < 0 ? '' : (BINARY[step] ?? '')}`;
  }
  let step = 0;
  while (step < DECIMAL.length - 1 && amount % 1000n === 0n) {
    amount /= 1000n;
    step++;
  }
  if (form === 'exponent') {
    const power = (step - 3) * 3;
    return `${sign}${amount}${power === 0 ? '' : `e${power}`}`;
  }
  return `${sign}${amount}${DECIMAL[step] ?? ''}`;
}

/** The canonical form of a quantity as it stands in an object; undefined when it is none. */
export function canonicalQuantity(value: string | number | bigint): string | undefined {
  const parsed = parseQuantity(String(value));
  return parsed === undefined ? undefined : formatQuantity(parsed);
}

export function compareQuantities(left: string, right: string): number {
  const a = parseQuantity(left)?.nano ?? 0n;
  const b = parseQuantity(right)?.nano ?? 0n;
  return a < b ? -1 : a > b ? 1 : 0;
}
