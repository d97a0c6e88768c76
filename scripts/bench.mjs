// Compiles the benchmarks and runs them: `npm run bench` runs all, `npm run bench -- diff render` the named ones.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = (args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};
run([join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.bench.json']);
run(['--expose-gc', join(root, 'build', 'bench', 'test', 'bench', 'main.js'), ...process.argv.slice(2)]);
