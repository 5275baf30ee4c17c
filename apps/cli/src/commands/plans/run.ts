import { listPlans, readPlan, storedPlan, type PlanRecord } from '@compliance/core';

import { masterAccess, type MasterFlags } from '../../operator/master-access.ts';
import { readInMaster } from '../../operator/read-in-master.ts';
import { stateTable } from '../../operator/state-table.ts';
import { describePlan } from '../../output/describe-plan.ts';
import { UsageError } from '../../output/exit-codes.ts';

export interface PlansFlags extends MasterFlags {
  readonly json?: true;
}

export interface ListPlansFlags extends PlansFlags {
  readonly status: PlanRecord['status'] | 'all';
  readonly account?: string;
}

export const printPlans = async ({ status, account, json, ...flags }: ListPlansFlags): Promise<void> => {
  const access = await masterAccess(flags);
  const all = await readInMaster(access, () => Array.fromAsync(listPlans(stateTable(access))));
  const records = all
    .filter((record) => status === 'all' || record.status === status)
    .filter(({ plan }) => account === undefined || plan.accountId === account)
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  if (json) process.stdout.write(`${JSON.stringify(records.map(storedPlan), null, 2)}\n`);
  else process.stdout.write(records.length === 0 ? 'No plans.\n' : records.map(lineOf).join(''));
};

export const printPlan = async (id: string, { json, ...flags }: PlansFlags): Promise<void> => {
  const access = await masterAccess(flags);
  const record = await readInMaster(access, () => readPlan(stateTable(access), id));
  if (!record)
    throw new UsageError(`Plan not found: ${id}. List plans with 'compliance plans list --status all'.`);
  process.stdout.write(
    json
      ? `${JSON.stringify(storedPlan(record), null, 2)}\n`
      : `${describePlan(record.plan)}${describeStatus(record)}`,
  );
};

const lineOf = ({ plan, status, expiresAt }: PlanRecord) =>
  `${plan.id}  ${status.padEnd(10)} ${plan.accountId} ${plan.region}  ${plan.description} (${plan.risk}, expires ${expiresAt.slice(0, 10)})\n`;

const describeStatus = ({ status, createdAt, expiresAt, withheld, decision, ...next }: PlanRecord) =>
  [
    `Status: ${status}, created ${createdAt}, expires ${expiresAt}`,
    ...(withheld === undefined ? [] : [`Not applied automatically: ${withheld}`]),
    ...(decision
      ? [`Decided by ${decision.by} at ${decision.at}${decision.reason ? `: ${decision.reason}` : ''}`]
      : []),
    ...(next.appliedByChange === undefined
      ? []
      : [`Applied by ${next.appliedByChange}. Details: compliance changes show ${next.appliedByChange}`]),
    ...(next.supersededBy === undefined ? [] : [`Superseded by ${next.supersededBy}`]),
    '',
  ].join('\n');
