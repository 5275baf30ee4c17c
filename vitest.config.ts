import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Projects with shared workers, so that the AWS SDK is imported once per worker instead of once per test file.
// Only *.emulator.test.ts start the AWS emulator, and only *.browser.test.ts a browser.
const base = {
  environment: 'node',
  clearMocks: true,
  restoreMocks: true,
  unstubEnvs: true,
  isolate: false,
} as const;
const exclude = ['**/node_modules/**', '**/dist/**'];
const emulator = '{apps,packages,infra,scripts}/**/*.emulator.test.ts';
const browser = 'apps/**/*.browser.test.ts';

/** Runs the longest file first, so it does not run alone at the end; vitest's first run only knows file sizes. */
class StormFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const isStorm = ({ moduleId }: TestSpecification) => moduleId.endsWith('/storm.emulator.test.ts');
    // oxlint-disable-next-line unicorn/no-array-sort -- this `sort` is the sequencer's, not an array's.
    const sorted = await super.sort(files);
    return [...sorted.filter(isStorm), ...sorted.filter((file) => !isStorm(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: StormFirst },
    // Emulator tests mostly wait for other processes, so use every core.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      {
        test: {
          ...base,
          name: 'unit',
          // Only a hang ends in a time-out: on a busy machine a test may take many times its usual time.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          include: ['{apps,packages,infra,scripts}/**/*.test.ts'],
          exclude: [...exclude, emulator, browser],
        },
      },
      {
        test: {
          ...base,
          name: 'emulator',
          include: [emulator],
          exclude,
          globalSetup: ['scripts/emulator-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          ...base,
          name: 'browser',
          include: [browser],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
