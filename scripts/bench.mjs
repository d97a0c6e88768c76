// Compiles the benchmarks and runs them: `npm run bench` runs all, `npm run bench -- diff render` the named ones, `npm run bench -- scale N`
// the controller with N applications on a real API server (`--help` says more).
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = (args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};
run([join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.bench.json']);
const [name, ...rest] = process.argv.slice(2);
const compiled = join(root, 'build', 'bench', 'test', 'bench');
if (name === 'scale') run([join(compiled, 'scale', 'main.js'), ...rest]);
else run(['--expose-gc', join(compiled, 'main.js'), ...process.argv.slice(2)]);
