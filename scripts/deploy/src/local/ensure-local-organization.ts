import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { findLocalOrganization, type LocalOrganization } from './local-organization.ts';
import { LOCAL_LOG } from '../base/paths.ts';

const START_SECONDS = 60;

/** Returns the organization on this machine. Starts it in the background if it is not running. */
export const ensureLocalOrganization = async (say: (line: string) => void): Promise<LocalOrganization> => {
  const running = await findLocalOrganization();
  if (running) return running;
  say('Starting an AWS organization on this machine; `make local-stop` stops it …');
  mkdirSync(dirname(LOCAL_LOG), { recursive: true });
  const log = openSync(LOCAL_LOG, 'w');
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run-local-organization.ts')], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.unref();
  for (let waited = 0; waited < START_SECONDS * 4 && child.exitCode === null; waited += 1) {
    await delay(250);
    const started = await findLocalOrganization();
    if (started) return started;
  }
  throw new Error(
    `The local organization did not start: see ${LOCAL_LOG}. \`make emulator\` installs the emulator.`,
  );
};

/** Stops the organization on this machine. @returns whether it was running */
export const stopLocalOrganization = async (): Promise<boolean> => {
  const running = await findLocalOrganization();
  if (!running) return false;
  process.kill(running.pid, 'SIGTERM');
  return true;
};
