import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { BrokenSealError } from '@compliance/evidence';
import { SNAPSHOT_FILE, STATE_FOLDER, readManifest } from '@compliance/state';

import { UsageError, usageErrorFrom } from '../../output/exit-codes.ts';
import { bringUpToDate } from '../state/bring-up-to-date.ts';
import type { DashboardFlags } from './run.ts';

const DAY_MS = 86_400_000;
/** An older snapshot, or more events, are work for `state build`, which keeps its result. */
const MAX_DAYS = 7;
const MAX_EVENTS = 1_000_000;

/**
 * Adds the events of the ledger since the snapshot in a folder, as `state build` does, and returns the folder with the
 * result, which the end of the process removes. The given folder stays as it is.
 */
export const addEvents = async (folder: string, flags: DashboardFlags): Promise<string> => {
  const state = resolve(folder, STATE_FOLDER);
  const manifest = await readManifest(state);
  if (!manifest)
    throw new UsageError(
      `No state in ${folder}, to which events could be added. \`compliance state build --out ${folder}\` makes one.`,
    );
  const days = Math.floor((Date.now() - manifest.until) / DAY_MS);
  if (days >= MAX_DAYS)
    throw new UsageError(
      `The snapshot in ${folder} is ${days} days old; events of at most ${MAX_DAYS} are added. Run compliance state build --out ${folder}.`,
    );
  const out = await mkdtemp(join(tmpdir(), 'compliance-dashboard-'));
  removeAtEnd(out);
  await mkdir(join(out, STATE_FOLDER));
  await cp(join(state, SNAPSHOT_FILE), join(out, STATE_FOLDER, SNAPSHOT_FILE));
  // Its parts are read, and not changed: they may be large.
  await symlink(join(state, manifest.folder), join(out, STATE_FOLDER, manifest.folder));
  const { ledger, ...others } = flags;
  try {
    await bringUpToDate({
      ...others,
      ...(typeof ledger === 'string' && { ledger }),
      out,
      days: MAX_DAYS,
      maxEvents: MAX_EVENTS,
    });
  } catch (error) {
    if (error instanceof BrokenSealError) throw usageErrorFrom('No events were added', error);
    throw error;
  }
  return out;
};

/** Also when a signal ends the process: it holds findings. */
const removeAtEnd = (folder: string): void => {
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      remove();
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
};
