import { setTimeout as delay } from 'node:timers/promises';

import { isFailed, isDeployed, readPackStatuses, expectedPacks, type PackStatus } from './pack-status.ts';
import type { DeployContext } from '../context/deploy-context.ts';

/** Seconds between two polls. They grow, because a wave of hundreds of accounts takes long. */
const PAUSES = { first: 0.5, longest: 15, growth: 1.5 };

/**
 * Waits until no pack of these accounts is open, or WAIT_MINUTES have passed, and prints the progress.
 * Polls account by account: AWS's status of the whole organization, which the provider reads, may never change.
 * @throws {Interruption}
 */
export const waitForPacks = async (
  context: DeployContext,
  accountIds: readonly string[],
  isOpen: (status: PackStatus) => boolean,
): Promise<readonly PackStatus[]> => {
  const end = performance.now() + context.options.WAIT_MINUTES * 60_000;
  let printed = '';
  for (let pause = PAUSES.first; ; pause = Math.min(pause * PAUSES.growth, PAUSES.longest)) {
    context.signal.throwIfAborted();
    const statuses = await readStatuses(context, accountIds);
    const progress = describe(statuses);
    if (progress !== printed) context.say(progress);
    printed = progress;
    if (!statuses.some(isOpen) || performance.now() > end) return statuses;
    // An abort ends the pause; the next iteration throws.
    await delay(pause * 1000, undefined, { signal: context.signal }).catch(() => {});
  }
};

/** Whether AWS Config is working on the pack, and would refuse a new version. */
export const isUnderWay = ({ status }: PackStatus): boolean => status.endsWith('_IN_PROGRESS');

/**
 * Whether the outcome of a pack is still open.
 * @param retried failures whose packs were deployed again; AWS Config may still report them for a while
 */
export const isUndecided =
  (retried: readonly PackStatus[]) =>
  (status: PackStatus): boolean => {
    if (!isFailed(status)) return !isDeployed(status);
    const old = retried.find((candidate) => keyOf(candidate) === keyOf(status));
    return old !== undefined && Number(old.updatedAt) === Number(status.updatedAt);
  };

/** The status of each expected pack in each account, NOT_STARTED where there is none. */
const readStatuses = async (
  context: DeployContext,
  accountIds: readonly string[],
): Promise<readonly PackStatus[]> => {
  const found = new Map((await readPackStatuses(context)).map((status) => [keyOf(status), status]));
  return expectedPacks(context).flatMap((wanted) =>
    accountIds.map((accountId) => {
      const missing = { ...wanted, accountId, status: 'NOT_STARTED', reason: '' };
      return found.get(keyOf(missing)) ?? missing;
    }),
  );
};

const keyOf = ({ accountId, region, pack }: PackStatus) => `${accountId}/${region}/${pack}`;

const describe = (statuses: readonly PackStatus[]): string => {
  const accounts = new Set(statuses.map(({ accountId }) => accountId));
  const behind = new Set(statuses.filter((status) => !isDeployed(status)).map(({ accountId }) => accountId));
  const failed = new Set(statuses.filter(isFailed).map(({ accountId }) => accountId));
  return `${accounts.size - behind.size} of ${accounts.size} accounts have their packs${failed.size > 0 ? `, ${failed.size} failed` : ''}.`;
};
