import type { TestProject } from 'vitest/node';

import { startEmulator } from '../packages/local-org/src/emulator/start-emulator.ts';

/** Starts one AWS emulator for all `*.emulator.test.ts` of a run; each test uses accounts of its own. */
export default async ({ provide }: TestProject) => {
  const emulator = await startEmulator();
  provide('emulator', emulator.url);
  return () => emulator.stop();
};
