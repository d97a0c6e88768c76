import { MONTHS, WEEKDAYS } from '../../core/calendar-names.ts';
import { type LuaBudget, LuaError, LuaTable, type LuaValue, toNumber } from './lua-values.ts';

/** Seconds of `{year=, month=, day=, hour=, min=, sec=}`, in UTC. */
export function readDateTable(table: LuaTable): number {
  const part = (key: string, fallback?: number): number => {
    const value = toNumber(table.get(key)) ?? fallback;
    if (value === undefined) throw new LuaError(`field '${key}' missing in date table`);
    return value;
  };
  return Math.floor(
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour', 12), part('min', 0), part('sec', 0)) / 1000,
  );
}

/** `os.date`: `*t` gives a table, anything else is formatted as strftime does; always in UTC. */
export function formatDate(format: string, seconds: number, budget: LuaBudget): LuaValue {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) throw new LuaError('time out of range');
  const wanted = format.replace(/^!/, '');
  if (wanted.startsWith('*t')) return dateTable(date, budget);
  budget.allocate(wanted.length * 20);
  return wanted.replaceAll(/%(.)/g, (_, letter: string) => datePart(date, letter));
}

function yearDay(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

function dateTable(date: Date, budget: LuaBudget): LuaTable {
  const table = new LuaTable(budget);
  const fields = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    min: date.getUTCMinutes(),
    sec: date.getUTCSeconds(),
    wday: date.getUTCDay() + 1,
    yday: yearDay(date),
  };
  for (const [key, value] of Object.entries(fields)) table.set(key, value);
  table.set('isdst', false);
  return table;
}

function datePart(date: Date, letter: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [day, month] = [WEEKDAYS[date.getUTCDay()] ?? '', MONTHS[date.getUTCMonth()] ?? ''];
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const us = `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${two(date.getUTCFullYear() % 100)}`;
  switch (letter) {
    case 'Y':
      return String(date.getUTCFullYear());
    case 'y':
      return two(date.getUTCFullYear() % 100);
    case 'm':
      return two(date.getUTCMonth() + 1);
    case 'd':
      return two(date.getUTCDate());
    case 'H':
      return two(date.getUTCHours());
    case 'I':
      return two(date.getUTCHours() % 12 === 0 ? 12 : date.getUTCHours() % 12);
    case 'M':
      return two(date.getUTCMinutes());
    case 'S':
      return two(date.getUTCSeconds());
    case 'p':
      return date.getUTCHours() < 12 ? 'AM' : 'PM';
    case 'j':
      return String(yearDay(date)).padStart(3, '0');
    case 'w':
      return String(date.getUTCDay());
    case 'a':
      return day.slice(0, 3);
    case 'A':
      return day;
    case 'b':
      return month.slice(0, 3);
    case 'B':
      return month;
    case 'x':
    case 'D':
      return us;
    case 'X':
    case 'T':
      return clock;
    case 'F':
      return `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
    case 'c':
      return `${day.slice(0, 3)} ${month.slice(0, 3)} ${String(date.getUTCDate()).padStart(2)} ${clock} ${date.getUTCFullYear()}`;
    case 'Z':
      return 'UTC';
    case 'z':
      return '+0000';
    case '%':
      return '%';
    default:
      throw new LuaError(`invalid conversion specifier '%${letter}'`);
  }
}
