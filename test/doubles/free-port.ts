import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems hand to outgoing connections: one of those could be taken between the look and the use. */
const LOWEST = 15_000;
const HIGHEST = 31_000;
const TRIES = 100;

/** Ports of 127.0.0.1 that follow each other and that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  for (let tried = 0; tried < TRIES; tried++) {
    const first = randomInt(LOWEST, HIGHEST);
    const ports = Array.from({ length: count }, (_, offset) => first + offset);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return ports;
  }
  throw new Error(`no ${count} free ports in a row between ${LOWEST} and ${HIGHEST}`);
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((tell) => {
    server.once('error', () => tell(false));
    server.listen(port, '127.0.0.1', () => tell(true));
  });
  if (listens) await new Promise<void>((done) => server.close(() => done()));
  return listens;
}
