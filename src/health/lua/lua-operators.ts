import { type LuaBudget, LuaError, LuaTable, type LuaValue, toNumber, toText, typeName } from './lua-values.ts';

export function isTrue(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}

/** @throws LuaError when the operator does not go with the value */
export function unary(operator: string, value: LuaValue, line: number): LuaValue {
  if (operator === 'not') return !isTrue(value);
  if (operator === '-') return -operand(value, line);
  if (typeof value === 'string') return value.length;
  if (value instanceof LuaTable) return value.length;
  throw new LuaError(`line ${line}: attempt to get length of a ${typeName(value)} value`);
}

/** All but `and` and `or`, which look at their right side late. @throws LuaError, LuaLimitError */
export function binary(operator: string, left: LuaValue, right: LuaValue, line: number, budget: LuaBudget): LuaValue {
  switch (operator) {
    case '==':
      return left === right;
    case '~=':
      return left !== right;
    case '..':
      return concat(left, right, line, budget);
    case '<':
      return compare(left, right, line) < 0;
    case '<=':
      return compare(left, right, line) <= 0;
    case '>':
      return compare(left, right, line) > 0;
    case '>=':
      return compare(left, right, line) >= 0;
    default:
      return arithmetic(operator, operand(left, line), operand(right, line));
  }
}

function concat(left: LuaValue, right: LuaValue, line: number, budget: LuaBudget): string {
  for (const side of [left, right]) {
    if (typeof side !== 'string' && typeof side !== 'number')
      throw new LuaError(`line ${line}: attempt to concatenate a ${typeName(side)} value`);
  }
  const [a, b] = [toText(left), toText(right)];
  budget.allocate((a.length + b.length) * 2);
  return a + b;
}

function operand(value: LuaValue, line: number): number {
  const number = toNumber(value);
  if (number === undefined)
    throw new LuaError(`line ${line}: attempt to perform arithmetic on a ${typeName(value)} value`);
  return number;
}

function arithmetic(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left - Math.floor(left / right) * right;
    default:
      return left ** right;
  }
}

export function compare(left: LuaValue, right: LuaValue, line: number): number {
  if (typeof left === 'number' && typeof right === 'number')
    return left < right ? -1 : left > right ? 1 : left === right ? 0 : Number.NaN;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  throw new LuaError(`line ${line}: attempt to compare ${typeName(left)} with ${typeName(right)}`);
}
