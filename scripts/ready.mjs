// Makes the checkout ready (dependencies installed, sources built) and then runs what was asked for. Plain Node, no dependency:
//   node scripts/ready.mjs start [ARGS…]   evenkeel up ARGS…
//   node scripts/ready.mjs test [ARGS…]    the test suites
//   node scripts/ready.mjs build           nothing more
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installedStamp = join(root, 'node_modules', '.evenkeel-installed');
const builtStamp = join(root, 'dist', '.evenkeel-built');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`evenkeel needs Node 20.19 or later; this is ${process.version}`);
  process.exit(2);
}

function digest(texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex');
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

function runOrExit(what, command, args) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return;
  console.error(`evenkeel: ${what} failed`);
  console.error(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`.trim());
  process.exit(result.status ?? 1);
}

function install() {
  const wanted = digest([
    read(join(root, 'package.json')),
    read(join(root, 'package-lock.json')),
    process.versions.modules,
  ]);
  if (read(installedStamp) === wanted) return;
  console.error('evenkeel: installing dependencies (once, or after they changed)');
  const npm = process.env.npm_execpath;
  // Not `npm ci`: it insists on lock entries for every platform's optional packages, which not every registry mirror carries.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  if (npm !== undefined && npm.endsWith('.js')) runOrExit('npm install', process.execPath, [npm, ...args]);
  else runOrExit('npm install', process.platform === 'win32' ? 'npm.cmd' : 'npm', args);
  writeFileSync(installedStamp, wanted);
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : [path];
  });
}

function build() {
  const files = [
    ...sources(join(root, 'src')),
    join(root, 'tsconfig.json'),
    join(root, 'tsconfig.build.json'),
    join(root, 'scripts', 'pack-health-rules.mjs'),
    installedStamp,
  ];
  const wanted = digest(
    files.sort((a, b) => (a < b ? -1 : 1)).map((path) => `${path} ${statSync(path).size} ${statSync(path).mtimeMs}`),
  );
  if (read(builtStamp) !== wanted) {
    console.error('evenkeel: building (sources changed)');
    rmSync(join(root, 'dist'), { recursive: true, force: true });
    runOrExit('the build', process.execPath, [
      join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
      '-p',
      'tsconfig.build.json',
    ]);
    mkdirSync(join(root, 'dist'), { recursive: true });
    runOrExit('packing the health rules', process.execPath, [join(root, 'scripts', 'pack-health-rules.mjs')]);
    writeFileSync(builtStamp, wanted);
  }
  // So that `npx evenkeel` finds the command in the checkout itself.
  const link = join(root, 'node_modules', '.bin', 'evenkeel');
  const main = join(root, 'dist', 'cli', 'main.js');
  chmodSync(main, 0o755);
  if (!existsSync(link)) {
    rmSync(link, { force: true });
    symlinkSync(join('..', '..', 'dist', 'cli', 'main.js'), link);
  }
}

const [verb, ...args] = process.argv.slice(2);
install();
build();
if (verb === 'start') process.exit(run(process.execPath, [join(root, 'dist', 'cli', 'main.js'), 'up', ...args]));
if (verb === 'test') {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  process.exit(
    run(process.execPath, [
      vitest,
      'run',
      ...(args.length > 0 ? args : ['--project', 'unit', '--project', 'integration']),
    ]),
  );
}
