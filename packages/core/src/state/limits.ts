import * as z from 'zod';

import type { Settings } from '../settings/settings.ts';
import type { Table } from './table.ts';

type Limits = Settings['limits'];

export interface FixTarget {
  readonly command: string;
  readonly accountId: string;
  readonly region: string;
  readonly resourceId: string;
}

/** By which a fix is counted, held and found again. */
export const toFixTarget = ({
  command,
  accountId,
  region,
  resource,
}: Omit<FixTarget, 'resourceId'> & {
  readonly resource: { readonly resourceId: string };
}): FixTarget => ({ command, accountId, region, resourceId: resource.resourceId });

interface LimitContext {
  readonly table: Table;
  readonly limits: Limits;
  readonly now: Date;
}

/**
 * Takes one fix from every budget that it counts against, or says which is used up. A fix that is then not made
 * stays counted: better one too few than one too many.
 */
export const spendBudgets = async (
  target: FixTarget,
  { table, limits, now }: LimitContext,
): Promise<string | undefined> => {
  const { command, accountId, region } = target;
  const hour = now.toISOString().slice(0, 13);
  const seen = await populationOf(table, target);
  const share = Math.max(1, Math.floor(seen * limits.sharePerHour));
  const budgets = [
    {
      name: 'organization',
      limit: limits.fixesPerHour.organization,
      what: 'fixes an hour in the organization',
    },
    {
      name: `${accountId}#${command}`,
      limit: limits.fixesPerHour.ruleAndAccount,
      what: `fixes an hour of ${command} in ${accountId}`,
    },
    // All of them is no limit; those made since the last sweep are not among the seen.
    ...(seen === 0 || limits.sharePerHour === 1
      ? []
      : [
          {
            name: `share#${accountId}#${region}#${command}`,
            limit: share,
            what: `fixes an hour, ${limits.sharePerHour * 100} % of the ${seen} resources of ${command} in ${accountId} ${region}`,
          },
        ]),
  ];
  const expiresAt = new Date(now.getTime() + 2 * 3_600_000);
  // The narrowest first, so that a full one does not use up the wider.
  for (const { name, limit, what } of budgets.toReversed()) {
    const count = await table.add({ pk: `budget#${name}`, sk: hour, amount: 1, limit, expiresAt });
    if (count === undefined) return `The limit of ${limit} ${what} is reached.`;
  }
  return undefined;
};

/** Remembers how many resources a rule found in an account and Region: what a share is a share of. */
export const recordPopulation = async (
  table: Table,
  { command, accountId, region }: Omit<FixTarget, 'resourceId'>,
  resources: number,
): Promise<void> => {
  const pk = `population#${accountId}#${region}#${command}`;
  const row = await table.get(pk, 'count');
  if (row && populationIn(row.data) === resources) return;
  // Two sweeps at once: either count will do.
  await table.put({ pk, sk: 'count', data: { resources }, expected: row?.version ?? 0 });
};

const populationOf = async (table: Table, { command, accountId, region }: FixTarget): Promise<number> => {
  const row = await table.get(`population#${accountId}#${region}#${command}`, 'count');
  return row ? populationIn(row.data) : 0;
};

const Population = z.object({ resources: z.number() });
const populationIn = (data: unknown): number => Population.parse(data).resources;

/** Counts a failed fix against the rule; false once there were too many in the hour. */
export const isCircuitOpen = async (
  { command }: FixTarget,
  { table, limits, now }: LimitContext,
): Promise<boolean> => {
  const counted = await table.add({
    ...failuresOf(command, now),
    amount: 0,
    limit: limits.failuresPerHour - 1,
  });
  return counted === undefined;
};

export const recordFailure = async (
  { command }: FixTarget,
  { table, now }: Omit<LimitContext, 'limits'>,
): Promise<void> => {
  const expiresAt = new Date(now.getTime() + 2 * 3_600_000);
  await table.add({ ...failuresOf(command, now), amount: 1, limit: Number.MAX_SAFE_INTEGER, expiresAt });
};

const failuresOf = (command: string, now: Date) => ({
  pk: `failures#${command}`,
  sk: now.toISOString().slice(0, 13),
});
