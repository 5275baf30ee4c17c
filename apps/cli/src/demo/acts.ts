import { styleText } from 'node:util';

import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { PlanRecord } from '@compliance/core';
import { STOP_PARAMETER } from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';

import { approvePlan } from '../operator/approve-plan.ts';
import { askOperator } from '../operator/ask-operator.ts';
import { describePlan } from '../output/describe-plan.ts';
import {
  accountName,
  countViolations,
  printGrid,
  printHeading,
  printVerdictsDuring,
  readLedger,
  readOpenPlans,
  type Stage,
} from './stage.ts';

/** @returns the number of violations */
export const showViolations = (stage: Stage): number => {
  printHeading(stage, 'Found: violations that AWS Config reports, by account and rule');
  printGrid(stage);
  return countViolations(stage);
};

export const showPlans = async (stage: Stage): Promise<void> => {
  const plans = await readOpenPlans(stage);
  printHeading(stage, `Planned: ${plans.length} fixes wait for approval; nothing has changed yet`);
  for (const [accountId, accountPlans] of Map.groupBy(plans, ({ plan }) => plan.accountId)) {
    stage.print(styleText('cyan', `  ${accountName(stage.org, accountId)} (${accountId})`));
    for (const { plan } of accountPlans)
      for (const line of describePlan(plan).split('\n')) stage.print(line === '' ? '' : `    ${line}`);
  }
};

export const fixAutomatically = async (stage: Stage): Promise<void> => {
  const { org } = stage;
  printHeading(stage, `Automatic: the stop switch is turned off, and account 'sandbox' needs no approval`);
  await org
    .client(SSMClient, org.organization.master.id)
    .send(new PutParameterCommand({ Name: STOP_PARAMETER, Value: 'off', Overwrite: true }));
  await printVerdictsDuring(stage, async () => {
    org.remediateAgain();
    await org.whenIdle();
  });
};

export const approveAndApplyPlans = async (stage: Stage): Promise<void> => {
  printHeading(stage, 'Approved: each plan is approved, applied through the master account, and verified');
  await printVerdictsDuring(stage, async () => {
    for (const record of await readOpenPlans(stage)) await approveAndApply(stage, record);
    await stage.org.whenIdle();
  });
};

const approveAndApply = async ({ org, print }: Stage, record: PlanRecord): Promise<void> => {
  const { id, accountId, description } = record.plan;
  const operator = operatorOf(org);
  const approved = await approvePlan(operator, record);
  if (approved.status !== 'approved') throw new Error(`Plan not approved: ${id}. ${approved.reason}`);
  const { status, reason, changeId } = await askOperator(operator, { action: 'apply', id });
  if (status !== 'fixed' || changeId === undefined)
    throw new Error(`Plan not fixed but ${status}: ${id}. ${reason}`);
  print(
    `  ${styleText('green', 'fixed')} ${accountName(org, accountId)}: ${description}  ${styleText('dim', changeId)}`,
  );
};

/** The master account's administrator. */
export const operatorOf = (org: LocalOrg) => ({
  credentials: org.credentials(org.organization.master.id),
  region: org.homeRegion,
  endpoint: org.endpointUrl,
});

export const undoAndFixAgain = async (stage: Stage): Promise<void> => {
  const { org, print } = stage;
  printHeading(stage, 'Undone: one change is reverted and verified, then found and fixed again');
  const changeId = await findChangeToUndo(stage);
  await printVerdictsDuring(stage, async () => {
    const { status, reason } = await askOperator(operatorOf(org), { action: 'undo', id: changeId });
    if (status !== 'undone') throw new Error(`Change not undone: ${changeId}. ${reason}`);
    print(`  ${styleText('yellow', 'undone')} payments: ${reason}  ${styleText('dim', changeId)}`);
    await org.whenIdle();
    for (const record of await readOpenPlans(stage)) await approveAndApply(stage, record);
    await org.whenIdle();
  });
};

const findChangeToUndo = async (stage: Stage): Promise<string> => {
  const { changes } = await readLedger(stage);
  const change = changes.findLast(
    ({ command, outcome, accountId }) =>
      command === 'EC2_RESTRICT_ADMIN_PORTS_IPV4' &&
      outcome === 'fixed' &&
      accountName(stage.org, accountId ?? '') === 'payments',
  );
  if (change?.changeId === undefined)
    throw new Error('Change to undo not found: EC2_RESTRICT_ADMIN_PORTS_IPV4 in account payments.');
  return change.changeId;
};

/** @returns the number of violations */
export const evaluateAgain = async (stage: Stage): Promise<number> => {
  printHeading(stage, 'Compliant: every rule has evaluated again');
  stage.org.sendScheduled();
  await stage.org.whenIdle();
  printGrid(stage);
  return countViolations(stage);
};
