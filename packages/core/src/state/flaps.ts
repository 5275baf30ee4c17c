import * as z from 'zod';

import type { Settings } from '../settings/settings.ts';
import type { ChangedBy, Blocker } from '../audit/blocker.ts';
import type { FixTarget } from './limits.ts';
import { updateRow, type Table } from './table.ts';

const Fixes = z.object({ times: z.array(z.iso.datetime()) });

interface FlapContext {
  readonly table: Table;
  readonly flaps: Settings['limits']['flaps'];
  readonly now: Date;
}

/** Why a flapping resource is not fixed again: something keeps reverting the fix. */
export const flapBlocker = async (
  target: FixTarget,
  { whoChanged, ...context }: FlapContext & { whoChanged: (since: Date) => Promise<ChangedBy | undefined> },
): Promise<Blocker | undefined> => {
  const { times: allowed, hours } = context.flaps;
  const times = await recentFixes(target, context);
  const [first] = times.toSorted();
  if (first === undefined || times.length < allowed) return undefined;
  const changedBy = await whoChanged(new Date(first));
  const fixed = `The resource was fixed ${times.length} times in ${hours} hours`;
  if (!changedBy)
    return {
      reason: `${fixed}, and something unknown reverts the fix. Find it and stop it first.`,
      blockedBy: 'flapping',
    };
  const { principal, eventName, time } = changedBy;
  return {
    reason: `${fixed}, and ${principal} reverts the fix (${eventName}, ${time}). Stop that first.`,
    blockedBy: 'flapping',
    changedBy,
  };
};

export const recordFix = async (target: FixTarget, { table, flaps, now }: FlapContext): Promise<void> => {
  const key = { pk: partitionOf(target), sk: SORT_KEY };
  const expiresAt = new Date(now.getTime() + flaps.hours * 3_600_000);
  let isWritten = false;
  while (!isWritten)
    isWritten = await updateRow(table, key, (row) => {
      const times = row ? inWindow(Fixes.parse(row.data).times, { flaps, now }) : [];
      return { data: { times: [...times, now.toISOString()] }, expiresAt };
    });
};

const recentFixes = async (target: FixTarget, { table, flaps, now }: FlapContext) => {
  const row = await table.get(partitionOf(target), SORT_KEY);
  return row ? inWindow(Fixes.parse(row.data).times, { flaps, now }) : [];
};

const inWindow = (times: readonly string[], { flaps, now }: Pick<FlapContext, 'flaps' | 'now'>) =>
  times.filter((time) => now.getTime() - new Date(time).getTime() < flaps.hours * 3_600_000);

const SORT_KEY = 'fixes';
const partitionOf = ({ accountId, region, command, resourceId }: FixTarget) =>
  `fixes#${accountId}#${region}#${command}#${resourceId}`;
