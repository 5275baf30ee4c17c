import { join } from 'node:path';
import { styleText } from 'node:util';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import {
  configRuleName,
  listPlans,
  withoutPackSuffix,
  type PlanRecord,
  type Rule,
  type Settings,
} from '@compliance/core';
import { dynamoDbTable } from '@compliance/core/state/dynamodb-table';
import { STATE_TABLE, ledgerBucket } from '@compliance/infra';
import { s3Ledger, summarise, type LedgerSummary, type Skipped } from '@compliance/ledger';
import { deployLocally } from '@compliance/local-deployment';
import type { LocalOrg, OrgEvent } from '@compliance/local-org';
import { loadRule } from '@compliance/registry';

import { demoSettings } from './demo-settings.ts';
import { drawGrid } from './grid.ts';
import { createSigningKey } from './seal.ts';
import { seed } from './seed.ts';

const REPOSITORY = join(import.meta.dirname, '../../../..');

/** The organization of the demo, and how its acts print. */
export interface Stage {
  readonly org: LocalOrg;
  readonly rules: readonly Rule[];
  readonly settings: Settings;
  readonly print: (line: string) => void;
  readonly verdictsStored: () => number;
}

/** Creates resources with violations, and deploys the product with the stop switch on. */
export const setUpStage = async (org: LocalOrg, print: Stage['print']): Promise<Stage> => {
  print(
    'Creating violations: unversioned buckets, SSH open to the internet, access keys 200 days old, no trail, no flow logs …',
  );
  await seed(org);
  print('Deploying functions, roles, Automation document and conformance packs, with the stop switch on …');
  const settings = demoSettings(org, await createSigningKey(org));
  const rules = await Promise.all(Object.keys(settings.rules).toSorted().map(loadRule));
  return deployStage(org, { print, settings, rules, stopped: true });
};

interface StageDeployment extends Pick<Stage, 'print' | 'rules' | 'settings'> {
  readonly stopped: boolean;
}

/** Deploys the product to the organization, and waits for the first verdicts. */
export const deployStage = async (
  org: LocalOrg,
  { print, settings, rules, stopped }: StageDeployment,
): Promise<Stage> => {
  let verdictsStored = 0;
  org.on((event) => {
    if (event.type === 'VerdictStored') verdictsStored += 1;
  });
  await deployLocally(org, {
    settings,
    rules,
    stopped,
    zips: {
      rule: join(REPOSITORY, 'apps/evaluate/dist/function.zip'),
      remediation: join(REPOSITORY, 'apps/remediate/dist/function.zip'),
    },
    keeperZip: join(REPOSITORY, 'apps/keeper/dist/function.zip'),
  });
  return { org, print, rules, settings, verdictsStored: () => verdictsStored };
};

export const printHeading = ({ print }: Stage, text: string): void => print(`\n${styleText('bold', text)}`);

/** Prints the verdicts by account and rule. */
export const printGrid = ({ org, rules, print }: Stage): void => {
  const verdicts = org
    .verdicts()
    .map((verdict) => ({ ...verdict, ruleName: withoutPackSuffix(verdict.ruleName) }));
  const axes = {
    accounts: org.organization.members,
    rules: rules.map(({ command }) => ({ command, ruleName: configRuleName(command) })),
  };
  print(drawGrid(verdicts, axes));
};

/** Prints each verdict that changes during the work. */
export const printVerdictsDuring = async (
  { org, print }: Stage,
  work: () => Promise<void>,
): Promise<void> => {
  const stopPrinting = org.on((event) => {
    const line = verdictLine(event, org);
    if (line !== undefined) print(line);
  });
  try {
    await work();
  } finally {
    stopPrinting();
  }
};

const verdictLine = (event: OrgEvent, org: LocalOrg): string | undefined => {
  if (event.type !== 'VerdictStored' || event.previous === event.complianceType) return undefined;
  const { place, ruleName, resourceId, complianceType } = event;
  const colour = complianceType === 'NON_COMPLIANT' ? 'red' : 'green';
  const subject = `${accountName(org, place.accountId)} ${withoutPackSuffix(ruleName)} ${resourceId}`;
  return `  ${styleText(colour, complianceType)} ${subject}`;
};

export const accountName = ({ organization }: LocalOrg, accountId: string): string =>
  organization.members.find(({ id }) => id === accountId)?.name ?? accountId;

export const countViolations = ({ org }: Stage): number =>
  org.verdicts().filter(({ complianceType }) => complianceType === 'NON_COMPLIANT').length;

/** Reads the open plans, ordered by account, rule and resource. */
export const readOpenPlans = async ({ org }: Stage): Promise<readonly PlanRecord[]> => {
  const table = dynamoDbTable(org.client(DynamoDBClient, org.organization.master.id), STATE_TABLE);
  const plans = await Array.fromAsync(listPlans(table));
  return plans
    .filter(({ status }) => status === 'open')
    .toSorted((a, b) => sortKey(a).localeCompare(sortKey(b)));
};

const sortKey = ({ plan }: PlanRecord) => `${plan.accountId} ${plan.command} ${plan.resource.resourceId}`;

// Nobody else writes into this ledger.
export const refuseSkipped = ({ place, problem }: Skipped): never => {
  throw new Error(`${place} is malformed: ${problem}`);
};

export const readLedger = ({ org }: Stage): Promise<LedgerSummary> => {
  const { id } = org.organization.master;
  return summarise(s3Ledger(org.client(S3Client, id), ledgerBucket(id)).read({ onSkipped: refuseSkipped }));
};
