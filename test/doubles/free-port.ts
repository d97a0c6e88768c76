import { createServer } from 'node:net';

/** A port of 127.0.0.1 that nobody listens on now. `following`: how many after it are meant to be used as well. */
export async function freePort(following = 0): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise<void>((done) => server.close(() => done()));
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return port + following <= 65_535 ? port : freePort(following);
}
