import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { findLocalOrganization, type LocalOrganization } from './local-organization.ts';
import { LOCAL_LOG } from '../base/paths.ts';

const START_SECONDS = 60;

/** The organization on this machine, started in the background when it does not run yet. */
export const ensureLocalOrganization = async (say: (line: string) => void): Promise<LocalOrganization> => {
  const running = await findLocalOrganization();
  if (running) return running;
  say('Starting an AWS organization on this machine; `make local-stop` ends it …');
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
    `The organization did not start: see ${LOCAL_LOG}. \`make emulator\` installs what it needs.`,
  );
};

/** Ends it, if it runs. */
export const stopLocalOrganization = async (): Promise<boolean> => {
  const running = await findLocalOrganization();
  if (!running) return false;
  process.kill(running.pid, 'SIGTERM');
  return true;
};
