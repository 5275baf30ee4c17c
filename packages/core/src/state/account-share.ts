import * as z from 'zod';

import type { LimitContext } from './limits.ts';
import { updateRow, type Table } from './table.ts';

/** What one account may take of the organization's budget while others have work, and while none has. */
const SHARE = 0.2;
const SHARE_ALONE = 0.8;

/** An account had work when it asked for a fix within a day, because a rule sweeps once a day. */
const WORK_MS = 24 * 3_600_000;

/** So that a storm writes its row once an hour. */
const NOTED_MS = 3_600_000;

/**
 * The budget of one account within the organization's.
 * A storm in one account leaves room for others: it may take a fifth while another account had work within a day. The
 * only account with work may take more, and still leaves a fifth for the first one that asks after it.
 */
export const shareOfAccount = async (accountId: string, { table, limits, now }: LimitContext) => {
  const { organization } = limits.fixesPerHour;
  const share = (await othersHaveWork(accountId, table, now)) ? SHARE : SHARE_ALONE;
  return {
    name: `account#${accountId}`,
    limit: Math.max(1, Math.floor(organization * share)),
    what: `fixes an hour in ${accountId}, ${share * 100} % of those in the organization`,
  };
};

/** Of all accounts, the last two that asked for a fix: one of them is another one. */
const Askers = z.object({
  recent: z.array(z.object({ accountId: z.string(), at: z.iso.datetime() })),
});

const othersHaveWork = async (accountId: string, table: Table, now: Date): Promise<boolean> => {
  let hasOther = false;
  // Of two concurrent writers either is good enough: the other one notes itself with its next fix.
  await updateRow(table, { pk: 'budget#askers', sk: 'recent' }, (row) => {
    const { recent } = row ? Askers.parse(row.data) : { recent: [] };
    const others = recent.filter((one) => one.accountId !== accountId);
    hasOther = others.some(({ at }) => isWithin(at, WORK_MS, now));
    const own = recent.find((one) => one.accountId === accountId);
    if (own && isWithin(own.at, NOTED_MS, now)) return undefined;
    return { data: { recent: [{ accountId, at: now.toISOString() }, ...others].slice(0, 2) } };
  });
  return hasOther;
};

const isWithin = (at: string, milliseconds: number, now: Date) =>
  now.getTime() - new Date(at).getTime() < milliseconds;
