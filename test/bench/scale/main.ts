import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ApiRequests } from './api-requests.ts';
import { compare } from './compare.ts';
import { Follower } from './follow.ts';
import { PHASES } from './phases.ts';
import { Readings } from './readings.ts';
import { startWorld, worldMissing } from './world.ts';

const HELP = `npm run bench -- scale [N] [options]: one monorepo of N applications with four objects each (default 100), a real API server, real
Redis, Git over HTTP, the controller as a process of its own.

  --phases cold,commit,idle,drift,deliveries   which, in this order
  --idle-seconds 60                            how long nothing happens
  --peers DIR                                  also run DIR/apiserver/run N and DIR/flux/run N and print ratios
  --json                                       one line for machines
  --keep                                       leave the logs
  --node-option FLAG                           for the controller's process, e.g. --cpu-prof (repeatable)
  --controller-option FLAG                     for the controller, e.g. --concurrency=32 (repeatable)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    phases: { type: 'string', default: 'cold,commit,idle,drift,deliveries' },
    'idle-seconds': { type: 'string', default: '60' },
    peers: { type: 'string' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    'node-option': { type: 'string', multiple: true, default: [] },
    'controller-option': { type: 'string', multiple: true, default: [] },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const count = Number(positionals[0] ?? 100);
  const idleSeconds = Number(values['idle-seconds']);
  const phases = values.phases.split(',');
  const unknown = phases.filter((name) => PHASES[name] === undefined);
  if (!Number.isInteger(count) || count < 1 || !(idleSeconds > 0) || unknown.length > 0 || positionals.length > 1) {
    console.error(unknown.length > 0 ? `there is no phase ${unknown.join(', ')}` : HELP);
    return 2;
  }
  const missing = worldMissing();
  if (missing !== undefined) {
    console.log(`scale: skipped, ${missing}`);
    return 0;
  }
  const say = (text: string): void => console.error(`[${new Date().toISOString().slice(11, 19)}] ${text}`);
  say(`${count} applications: starting`);
  const result: Record<string, unknown> = { n: count, objects: 4 * count };
  const world = await startWorld({
    count,
    execArgv: values['node-option'],
    controllerArgs: values['controller-option'],
    keep: values.keep,
  });
  const follower = new Follower(world);
  const api = new ApiRequests(world.server);
  try {
    const readings = new Readings(world.pids, api, world.metricsUrl);
    for (const name of phases) {
      say(name);
      result[name] = await PHASES[name]?.({ count, world, follower, readings, idleSeconds, say });
      say(`${name}: ${JSON.stringify(result[name])}`);
    }
  } finally {
    follower.close();
    await api.close();
    await world.close();
  }
  const peers = values.peers === undefined ? {} : runPeers(values.peers, count, say);
  if (values.json) console.log(JSON.stringify({ ...result, ...peers }));
  else for (const line of compare(result, peers)) console.log(line);
  return 0;
}

/** The same load on the same machine, one after the other: what they print, as it is. */
function runPeers(folder: string, count: number, say: (text: string) => void): Record<string, unknown> {
  const peers: Record<string, unknown> = {};
  for (const [name, args] of Object.entries({ apiserver: ['--repeat', '1'], flux: ['--phases', 'cold,commit'] })) {
    const command = join(folder, name, 'run');
    if (!existsSync(command)) {
      say(`${name}: skipped, there is no ${command}`);
      continue;
    }
    say(name);
    const printed = execFileSync(command, [String(count), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    peers[name] = JSON.parse(printed.trim().split('\n').at(-1) ?? '{}');
  }
  return peers;
}
