import { defineConfig } from 'vitest/config';

// Three projects: `unit` mirrors src and needs nothing; `integration` starts servers of ours (Redis, Git, the sandbox, and a
// real API server where KUBEBUILDER_ASSETS names its binaries); `oracle` compares with the real helm and kustomize (ORACLES).
export default defineConfig({
  test: {
    globals: false,
    pool: 'threads',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/integration/**', 'test/oracle/**', 'test/scenarios/**'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          pool: 'forks',
          include: ['test/integration/**/*.test.ts', 'test/scenarios/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'oracle',
          pool: 'forks',
          include: ['test/oracle/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
