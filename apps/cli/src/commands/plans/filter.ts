import type { Plan, PlanRecord } from '@compliance/core';
import { Option, type Command } from 'commander';

import { accountId, wholeDays } from '../arguments.ts';

/** Which plans are meant; an absent member means all. */
export interface PlanFilter {
  readonly rule?: string;
  readonly account?: string;
  readonly risk?: Plan['risk'];
  /** Created within the last days. */
  readonly days?: number;
  /** Created before the last days. */
  readonly olderThan?: number;
}

const RISKS = ['safe', 'disruptive', 'irreversible'] as const satisfies readonly Plan['risk'][];

/** Adds the options that filter plans. */
export const addPlanFilter = (command: Command): Command =>
  command
    .option('-r, --rule <id>', 'filter by rule')
    .option('--account <id>', 'filter by account', accountId)
    .addOption(new Option('--risk <risk>', 'filter by the risk of the fix').choices(RISKS))
    .option('--days <n>', 'only plans of the last n days', wholeDays)
    .option('--older-than <n>', 'only plans that are older than n days', wholeDays);

/** Whether any plan could be left out. */
export const isFiltered = (filter: PlanFilter): boolean =>
  [filter.rule, filter.account, filter.risk, filter.days, filter.olderThan].some(
    (value) => value !== undefined,
  );

/** The plans that are meant, newest first. */
export const filterPlans = (
  records: readonly PlanRecord[],
  { rule, account, risk, days, olderThan }: PlanFilter,
  now: Date,
): readonly PlanRecord[] => {
  const ageOf = ({ createdAt }: PlanRecord) => (now.getTime() - new Date(createdAt).getTime()) / 86_400_000;
  return records
    .filter(({ plan }) => rule === undefined || plan.command === rule)
    .filter(({ plan }) => account === undefined || plan.accountId === account)
    .filter(({ plan }) => risk === undefined || plan.risk === risk)
    .filter((record) => days === undefined || ageOf(record) <= days)
    .filter((record) => olderThan === undefined || ageOf(record) > olderThan)
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
};
