import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

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

/** The longest file first, lest it be the last one alone: of a first run, vitest knows only how large files are. */
class StormFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const isStorm = ({ moduleId }: TestSpecification) => moduleId.endsWith('/storm.emulator.test.ts');
    // oxlint-disable-next-line unicorn/no-array-sort -- a sequencer's, not an array's
    const sorted = await super.sort(files);
    return [...sorted.filter(isStorm), ...sorted.filter((file) => !isStorm(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: StormFirst },
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
