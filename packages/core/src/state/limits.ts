import * as z from 'zod';

import type { Settings } from '../settings/settings.ts';
import { shareOfAccount } from './account-share.ts';
import { updateRow, type Table } from './table.ts';

type Limits = Settings['limits'];

/** One rule in one account and Region. */
export interface RuleScope {
  readonly command: string;
  readonly accountId: string;
  readonly region: string;
}

export interface FixTarget extends RuleScope {
  readonly resourceId: string;
}

/** The key under which fixes are counted, put on cooldown and looked up. */
export const toFixTarget = ({
  command,
  accountId,
  region,
  resource,
}: RuleScope & {
  readonly resource: { readonly resourceId: string };
}): FixTarget => ({ command, accountId, region, resourceId: resource.resourceId });

export interface LimitContext {
  readonly table: Table;
  readonly limits: Limits;
  readonly now: Date;
}

/**
 * Spends one fix from every budget that applies to it.
 * A fix that is then not made stays counted: one too few is better than one too many.
 * With several accounts, none takes more of the organization's budget than its share.
 * @returns which budget is exhausted, or `undefined`
 */
export const spendBudgets = async (
  target: FixTarget,
  { accounts, ...context }: LimitContext & { readonly accounts: number },
): Promise<string | undefined> => {
  const { table, limits, now } = context;
  const { command, accountId, region } = target;
  const hour = now.toISOString().slice(0, 13);
  const seen = await populationOf(table, target);
  const share = Math.max(1, Math.floor(seen * limits.maxSharePerHour));
  const budgets = [
    {
      name: 'organization',
      limit: limits.fixesPerHour.organization,
      what: 'fixes an hour in the organization',
    },
    ...(accounts > 1 ? [await shareOfAccount(accountId, context)] : []),
    {
      name: `${accountId}#${command}`,
      limit: limits.fixesPerHour.ruleAndAccount,
      what: `fixes an hour of ${command} in ${accountId}`,
    },
    // A share of 1 is not a limit. Resources created since the last sweep are not counted.
    ...(seen === 0 || limits.maxSharePerHour === 1
      ? []
      : [
          {
            name: `share#${accountId}#${region}#${command}`,
            limit: share,
            what: `fixes an hour, ${Math.round(limits.maxSharePerHour * 100)} % of the ${seen} resources of ${command} in ${accountId} ${region}`,
          },
        ]),
  ];
  const expiresAt = new Date(now.getTime() + 2 * 3_600_000);
  // The narrowest budget first, so that an exhausted one does not use up the wider ones.
  for (const { name, limit, what } of budgets.toReversed()) {
    const count = await table.add({ pk: `budget#${name}`, sk: hour, amount: 1, limit, expiresAt });
    if (count === undefined) return `The limit of ${limit} ${what} is reached.`;
  }
  return undefined;
};

/** Records how many resources a rule found: the base of `maxSharePerHour`. */
export const recordPopulation = async (
  table: Table,
  { command, accountId, region }: RuleScope,
  resources: number,
): Promise<void> => {
  const key = { pk: `population#${accountId}#${region}#${command}`, sk: 'count' };
  // Of two concurrent sweeps, either count is good enough.
  await updateRow(table, key, (row) =>
    row && populationIn(row.data) === resources ? undefined : { data: { resources } },
  );
};

const populationOf = async (table: Table, { command, accountId, region }: FixTarget): Promise<number> => {
  const row = await table.get(`population#${accountId}#${region}#${command}`, 'count');
  return row ? populationIn(row.data) : 0;
};

const Population = z.object({ resources: z.number() });
const populationIn = (data: unknown): number => Population.parse(data).resources;
