import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

// Two projects with shared workers: the AWS SDK is imported once per worker and not once per test file.
// Only tests named *.emulator.test.ts start the AWS emulator.
const base = {
  environment: 'node',
  clearMocks: true,
  restoreMocks: true,
  unstubEnvs: true,
  isolate: false,
} as const;
const exclude = ['**/node_modules/**', '**/dist/**'];
const emulator = '{apps,packages,infra,scripts}/**/*.emulator.test.ts';

export default defineConfig({
  test: {
    // Stories mostly wait, for the emulator and for functions in processes of their own: no core is kept free of them.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      {
        test: {
          ...base,
          name: 'unit',
          testTimeout: 20_000,
          include: ['{apps,packages,infra,scripts}/**/*.test.ts'],
          exclude: [...exclude, emulator],
        },
      },
      {
        test: {
          ...base,
          name: 'emulator',
          include: [emulator],
          exclude,
          globalSetup: ['scripts/emulator-setup.ts'],
          // Starting an organization takes seconds, on a busy machine many.
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
