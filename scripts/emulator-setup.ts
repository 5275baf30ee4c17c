import type { TestProject } from 'vitest/node';

import { startEmulator } from '../packages/local-org/src/emulator/start-emulator.ts';

/** One AWS emulator for all `*.emulator.test.ts` of a run; each test takes an account of its own in it. */
export default async ({ provide }: TestProject) => {
  const emulator = await startEmulator();
  provide('emulator', emulator.url);
  return () => emulator.stop();
};
