import { isOutdated, listPlans, storedPlan, type PlanRecord } from '@compliance/core';
import { oneLine } from '@compliance/core/printable';

import { assertId } from '../../input/assert-id.ts';
import { assertRule } from '../../input/unknown-rule.ts';
import { getPlan } from '../../operator/get-plan.ts';
import { masterAccess, type MasterAccess, type MasterFlags } from '../../operator/master-access.ts';
import { readInMaster } from '../../operator/read-in-master.ts';
import { stateTable } from '../../operator/state-table.ts';
import { describePlan } from '../../output/describe-plan.ts';
import { filterPlans, isFiltered, type PlanFilter } from './filter.ts';

export interface PlansFlags extends MasterFlags {
  readonly json?: true;
}

export interface ListPlansFlags extends PlansFlags, PlanFilter {
  readonly status: PlanRecord['status'] | 'all';
}

export const printPlans = async ({
  status,
  json,
  region,
  profile,
  ...filter
}: ListPlansFlags): Promise<void> => {
  if (filter.rule !== undefined) assertRule(filter.rule);
  const all = await readPlans(await masterAccess({ region, profile }));
  const records = filterPlans(all, filter, new Date()).filter(
    (record) => status === 'all' || record.status === status,
  );
  if (json) process.stdout.write(`${JSON.stringify(records.map(storedPlan), null, 2)}\n`);
  else process.stdout.write(records.length === 0 ? noPlans(status, filter) : records.map(planLine).join(''));
};

const noPlans = (status: ListPlansFlags['status'], filter: PlanFilter): string => {
  const kind = status === 'all' ? '' : `${status} `;
  return isFiltered(filter) ? `No matching ${kind}plans.\n` : `No ${kind}plans.\n`;
};

/** Reads every stored plan. */
export const readPlans = (access: MasterAccess): Promise<readonly PlanRecord[]> =>
  readInMaster(access, () => Array.fromAsync(listPlans(stateTable(access))));

export const printPlan = async (id: string, { json, ...flags }: PlansFlags): Promise<void> => {
  assertId('plan', id);
  const record = await getPlan(await masterAccess(flags), id);
  process.stdout.write(
    json
      ? `${JSON.stringify(storedPlan(record), null, 2)}\n`
      : `${describePlan(record.plan)}${describeStatus(record)}`,
  );
};

/** Formats a plan as one line. */
export const planLine = ({ plan, status, expiresAt }: PlanRecord) =>
  `${oneLine(`${plan.id}  ${status.padEnd(10)} ${plan.accountId} ${plan.region}  ${plan.description} (${plan.risk}, expires ${expiresAt.slice(0, 10)})`)}\n`;

const describeStatus = (record: PlanRecord) => {
  const { status, createdAt, expiresAt, withheld, decision, ...next } = record;
  return [
    `Status: ${status}, created ${createdAt}, expires ${expiresAt}`,
    ...(isOutdated(record)
      ? ['Planned by an earlier release: the next sweep plans the fix again, under another id']
      : []),
    ...(withheld === undefined ? [] : [oneLine(`Not applied automatically: ${withheld}`)]),
    ...(decision
      ? [
          oneLine(
            `Decided by ${decision.by} at ${decision.at}${decision.reason ? `: ${decision.reason}` : ''}`,
          ),
        ]
      : []),
    ...(next.appliedByChange === undefined
      ? []
      : [`Applied by ${next.appliedByChange}. Details: compliance changes show ${next.appliedByChange}`]),
    ...(next.supersededBy === undefined ? [] : [`Superseded by ${next.supersededBy}`]),
    '',
  ].join('\n');
};
