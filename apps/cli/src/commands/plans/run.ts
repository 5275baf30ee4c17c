import { listPlans, readPlan, type PlanRecord } from '@compliance/core';

import { masterAccess } from '../../operator/master-access.ts';
import { readInMaster } from '../../operator/read-in-master.ts';
import { stateTable } from '../../operator/state-table.ts';
import { describePlan } from '../../output/describe-plan.ts';
import { UsageError } from '../../output/exit-codes.ts';

export interface PlansFlags {
  readonly status: string;
  readonly account?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: true;
}

const STATUSES = ['open', 'approved', 'rejected', 'applied', 'superseded', 'all'];

export const listPlansOf = async ({ status, account, json, ...flags }: PlansFlags): Promise<void> => {
  if (!STATUSES.includes(status))
    throw new UsageError(`No status '${status}': one of ${STATUSES.join(', ')}.`);
  const access = await masterAccess(flags);
  const all = await readInMaster(access, () => Array.fromAsync(listPlans(stateTable(access))));
  const records = all
    .filter((record) => status === 'all' || record.status === status)
    .filter(({ plan }) => account === undefined || plan.accountId === account)
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  if (json) process.stdout.write(`${JSON.stringify(records, null, 2)}\n`);
  else process.stdout.write(records.length === 0 ? 'No plans.\n' : records.map(lineOf).join(''));
};

export const showPlan = async (id: string, { json, ...flags }: Omit<PlansFlags, 'status'>): Promise<void> => {
  const access = await masterAccess(flags);
  const record = await readInMaster(access, () => readPlan(stateTable(access), id));
  if (!record) throw new UsageError(`There is no plan ${id}. 'compliance plans list' shows those there are.`);
  process.stdout.write(
    json ? `${JSON.stringify(record, null, 2)}\n` : `${describePlan(record.plan)}${standing(record)}`,
  );
};

const lineOf = ({ plan, status, expiresAt }: PlanRecord) =>
  `${plan.id}  ${status.padEnd(10)} ${plan.accountId} ${plan.region}  ${plan.description} (${plan.risk}, until ${expiresAt.slice(0, 10)})\n`;

const standing = ({ status, createdAt, expiresAt, withheld, decision, successor }: PlanRecord) =>
  [
    `Status: ${status}, made ${createdAt}, expires ${expiresAt}`,
    ...(withheld === undefined ? [] : [`Not applied by itself: ${withheld}`]),
    ...(decision
      ? [`Decided by ${decision.by} at ${decision.at}${decision.reason ? `: ${decision.reason}` : ''}`]
      : []),
    ...(successor === undefined ? [] : [followedBy(status, successor)]),
    '',
  ].join('\n');

const followedBy = (status: PlanRecord['status'], successor: string) =>
  status === 'applied'
    ? `Applied by ${successor}; what it did: compliance changes show ${successor}`
    : `Followed by ${successor}`;
