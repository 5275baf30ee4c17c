import * as z from 'zod';

import type { Settings } from '../settings/settings.ts';
import type { ChangedBy, Blocker } from '../audit/blocker.ts';
import type { FixTarget } from './limits.ts';
import type { Table } from './table.ts';

const Fixes = z.object({ times: z.array(z.iso.datetime()) });

interface FlapContext {
  readonly table: Table;
  readonly flaps: Settings['limits']['flaps'];
  readonly now: Date;
}

/**
 * How often this resource was fixed in the window, if as often as is allowed, and who changes it back since the first
 * of these fixes, if that can be found out.
 */
export const flapBlocker = async (
  target: FixTarget,
  { whoChanged, ...context }: FlapContext & { whoChanged: (since: Date) => Promise<ChangedBy | undefined> },
): Promise<Blocker | undefined> => {
  const { times: allowed, hours } = context.flaps;
  const times = await recentFixes(target, context);
  const [first] = times.toSorted();
  if (first === undefined || times.length < allowed) return undefined;
  const changedBy = await whoChanged(new Date(first));
  const fixed = `It was fixed ${times.length} times in ${hours} hours`;
  if (!changedBy)
    return { reason: `${fixed}, and something changes it back: who is not known. Find and fix that first.` };
  const { principal, eventName, time } = changedBy;
  return {
    reason: `${fixed}, and ${principal} changes it back (${eventName}, ${time}): fix that first.`,
    changedBy,
  };
};

export const recordFix = async (target: FixTarget, { table, flaps, now }: FlapContext): Promise<void> => {
  const pk = keyOf(target);
  for (;;) {
    const row = await table.get(pk, 'fixes');
    const times = row ? inWindow(Fixes.parse(row.data).times, { flaps, now }) : [];
    const data = { times: [...times, now.toISOString()] };
    const expiresAt = new Date(now.getTime() + flaps.hours * 3_600_000);
    if (await table.put({ pk, sk: 'fixes', data, expiresAt, expected: row?.version ?? 0 })) return;
  }
};

const recentFixes = async (target: FixTarget, { table, flaps, now }: FlapContext) => {
  const row = await table.get(keyOf(target), 'fixes');
  return row ? inWindow(Fixes.parse(row.data).times, { flaps, now }) : [];
};

const inWindow = (times: readonly string[], { flaps, now }: Pick<FlapContext, 'flaps' | 'now'>) =>
  times.filter((time) => now.getTime() - new Date(time).getTime() < flaps.hours * 3_600_000);

const keyOf = ({ accountId, region, command, resourceId }: FixTarget) =>
  `fixes#${accountId}#${region}#${command}#${resourceId}`;
