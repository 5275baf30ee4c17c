import { setTimeout as delay } from 'node:timers/promises';

import { isFailed, isDeployed, readPackStatuses, expectedPacks, type PackStatus } from './pack-status.ts';
import type { DeployContext } from '../context/deploy-context.ts';

/** Between two questions, in seconds: a wave of a few accounts is done soon, one of hundreds is not. */
const PAUSES = { first: 0.5, longest: 15, growth: 1.5 };

/**
 * Waits as long as something of these accounts' packs is open - or until WAIT_MINUTES have passed - and says how far it
 * is. It asks account by account: AWS's own status of the whole, and so the provider's, may hang for ever.
 * @throws {Interruption}
 */
export const waitForPacks = async (
  context: DeployContext,
  accountIds: readonly string[],
  isOpen: (status: PackStatus) => boolean,
): Promise<readonly PackStatus[]> => {
  const end = performance.now() + context.options.WAIT_MINUTES * 60_000;
  let told = '';
  for (let pause = PAUSES.first; ; pause = Math.min(pause * PAUSES.growth, PAUSES.longest)) {
    context.signal.throwIfAborted();
    const statuses = await readStatuses(context, accountIds);
    const progress = describe(statuses);
    if (progress !== told) context.say(progress);
    told = progress;
    if (!statuses.some(isOpen) || performance.now() > end) return statuses;
    // An abort ends the pause; the next round throws it.
    await delay(pause * 1000, undefined, { signal: context.signal }).catch(() => {});
  }
};

/** AWS Config is at work, and would refuse to be given the pack. */
export const isUnderWay = ({ status }: PackStatus): boolean => status.endsWith('_IN_PROGRESS');

/** @param again failures that AWS Config was asked to make good, and may still tell for a while */
export const isUndecided =
  (again: readonly PackStatus[]) =>
  (status: PackStatus): boolean => {
    if (!isFailed(status)) return !isDeployed(status);
    const old = again.find((candidate) => keyOf(candidate) === keyOf(status));
    return old !== undefined && Number(old.updatedAt) === Number(status.updatedAt);
  };

/** What each account has, or does not have yet, of each pack. */
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
