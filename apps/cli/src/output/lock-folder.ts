import { readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { createFile, hasErrno } from '@compliance/ledger';

import { UsageError, usageErrorFrom } from './exit-codes.ts';

/** Lets no other process write into a folder meanwhile. @throws {UsageError} when one does */
export const withFolderLocked = async <Result>(
  folder: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  const lock = join(folder, 'building.lock');
  await take(folder, lock);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
};

const OWN = `${process.pid} ${hostname()}\n`;

const take = async (folder: string, lock: string): Promise<void> => {
  try {
    if (await createFile(lock, OWN)) return;
    const holder = await holderOf(lock);
    // It died, and left the lock.
    if (holder && isGone(holder)) {
      await rm(lock, { force: true });
      if (await createFile(lock, OWN)) return;
    }
  } catch (error) {
    throw usageErrorFrom(`Cannot write into ${folder}`, error);
  }
  throw new UsageError(
    `Another process writes into ${folder}. Wait for it; if there is none, delete ${lock}.`,
  );
};

interface Holder {
  readonly pid: number;
  readonly host: string;
}

const holderOf = async (lock: string): Promise<Holder | undefined> => {
  const [, pid, host] = /^(\d+) (.+)\n$/.exec(await readFile(lock, 'utf8').catch(() => '')) ?? [];
  return pid === undefined || host === undefined ? undefined : { pid: Number(pid), host };
};

/** Of a process of another machine, nobody knows it. */
const isGone = ({ pid, host }: Holder): boolean => {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasErrno(error, 'ESRCH');
  }
};
