import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second of /proc on Linux (`getconf CLK_TCK`), 100 on every supported architecture. */
const TICK = 100;

/** CPU seconds of a process and of everything it started that runs still, plus what its ended children used. */
export function cpuSeconds(pid: number): number {
  return family(pid).reduce((sum, member) => {
    const fields = statFields(member);
    if (fields === undefined) return sum;
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
    return sum + (user + system + childUser + childSystem) / TICK;
  }, 0);
}

/**
 * Memory in MiB of a process and of everything it started, pages that several of them map counted once (the kernel's proportional set
 * size): what the machine would get back.
 */
export function memoryMiB(pid: number): number {
  return family(pid).reduce((sum, member) => {
    try {
      const text = readFileSync(`/proc/${member}/smaps_rollup`, 'utf8');
      return sum + Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024;
    } catch {
      // It has ended since.
      return sum;
    }
  }, 0);
}

/** CPU seconds that the whole machine was busy. */
export function machineSeconds(): number {
  const fields = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/ +/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields;
  return (user + nice + system + irq + softirq) / TICK;
}

function family(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const member = Number(entry);
    if (!Number.isInteger(member)) continue;
    const parent = Number(statFields(member)?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), member]);
  }
  const found: number[] = [];
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    open.push(...(children.get(next) ?? []));
  }
  return found;
}

/** The fields of /proc/PID/stat after the command's name: state, parent, … */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
