import * as z from 'zod';

import type { Settings } from '../settings.ts';
import type { FixTarget } from './limits.ts';
import type { Table } from './table.ts';

const Fixes = z.object({ times: z.array(z.iso.datetime()) });

interface FlapContext {
  readonly table: Table;
  readonly flaps: Settings['limits']['flaps'];
  readonly now: Date;
}

/** How often this resource was fixed in the window, if as often as is allowed: something else changes it back. */
export const whyFlapping = async (
  target: FixTarget,
  { table, flaps, now }: FlapContext,
): Promise<string | undefined> => {
  const times = await recentFixes(target, { table, flaps, now });
  if (times.length < flaps.times) return undefined;
  return `It was fixed ${times.length} times in ${flaps.hours} hours and something changes it back; fix that first.`;
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
