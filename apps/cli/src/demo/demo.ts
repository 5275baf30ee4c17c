import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { styleText } from 'node:util';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { configRuleName, listPlans, type PlanRecord, type Rule } from '@compliance/core';
import { dynamoDbTable } from '@compliance/core/state/dynamodb-table';
import { STATE_TABLE, STOP_PARAMETER, ledgerBucket } from '@compliance/infra';
import { s3Ledger, summarise } from '@compliance/ledger';
import { deployLocally } from '@compliance/local-deployment';
import { startLocalOrg, type LocalOrg, type OrgEvent } from '@compliance/local-org';
import { loadAllRules } from '@compliance/registry';
import { reportOfLedger, reportPage } from '@compliance/report';

import { askOperator } from '../operator/ask-operator.ts';
import { describePlan } from '../output/describe-plan.ts';
import { MEMBERS, demoSettings } from './demo-settings.ts';
import { drawGrid } from './grid.ts';
import { seed } from './seed.ts';

const REPOSITORY = join(import.meta.dirname, '../../../..');

export interface DemoOptions {
  /** Where the story is told, line by line. */
  readonly say: (line: string) => void;
  readonly reportPath: string;
}

export interface DemoTotals {
  readonly accounts: number;
  readonly rules: number;
  readonly resources: number;
  readonly verdicts: number;
  readonly nonCompliantAtFirst: number;
  readonly nonCompliantAtLast: number;
  readonly fixes: number;
  readonly undone: number;
  readonly awsCalls: number;
  readonly seconds: number;
  readonly report: string;
}

/** The whole loop on a local organization: found, planned, approved, fixed, verified, undone, proven. */
export const runDemo = async ({ say, reportPath }: DemoOptions): Promise<DemoTotals> => {
  const startedAt = performance.now();
  say('Starting an AWS organization on this machine: one master and three member accounts …');
  const org = await startLocalOrg({ homeRegion: 'eu-west-1', members: MEMBERS });
  try {
    const stage = await setUp(org, say);
    const atFirst = await find(stage);
    await showPlans(stage);
    await fixByThemselves(stage);
    await approveAndApply(stage);
    await proveUndo(stage);
    const atLast = await lookOnceMore(stage);
    const report = await writeReport(stage, reportPath);
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    const totals = await totalsOf(stage, { atFirst, atLast, seconds, report });
    tellTotals(totals, say);
    return totals;
  } finally {
    await org.stop();
  }
};

interface Stage {
  readonly org: LocalOrg;
  readonly say: (line: string) => void;
  readonly rules: readonly Rule[];
  readonly grid: () => string;
  readonly verdictsStored: () => number;
}

const heading = ({ say }: Pick<Stage, 'say'>, text: string) => say(`\n${styleText('bold', text)}`);

const setUp = async (org: LocalOrg, say: DemoOptions['say']): Promise<Stage> => {
  const rules = await loadAllRules();
  let verdictsStored = 0;
  org.on((event) => {
    if (event.type === 'VerdictStored') verdictsStored += 1;
  });
  const axes = {
    accounts: org.organization.members,
    rules: rules.map(({ command }) => ({ command, ruleName: configRuleName(command) })),
  };
  // A pack rule's name ends with a suffix that AWS Config gives it.
  const grid = () =>
    drawGrid(
      org.verdicts().map((verdict) => ({ ...verdict, ruleName: withoutSuffix(verdict.ruleName) })),
      axes,
    );
  say(
    'Filling the accounts: unversioned buckets, SSH open to the world, keys 200 days old, no trail, no flow logs …',
  );
  await seed(org);
  say('Deploying the built bundles and the emitted roles, document and conformance packs, stop switch on …');
  await deployLocally(org, {
    settings: demoSettings(org),
    stopped: true,
    zips: {
      rule: join(REPOSITORY, 'apps/evaluate/dist/function.zip'),
      remediation: join(REPOSITORY, 'apps/remediate/dist/function.zip'),
    },
  });
  return { org, say, rules, grid, verdictsStored: () => verdictsStored };
};

const withoutSuffix = (ruleName: string) => ruleName.replace(/-conformance-pack-[a-z0-9]+$/, '');

const find = async (stage: Stage): Promise<number> => {
  heading(stage, 'Found: what AWS Config says of each account, by rule');
  stage.say(stage.grid());
  return violations(stage.org);
};

const violations = (org: LocalOrg) =>
  org.verdicts().filter(({ complianceType }) => complianceType === 'NON_COMPLIANT').length;

const openPlans = async ({ org }: Stage): Promise<readonly PlanRecord[]> => {
  const table = dynamoDbTable(org.client(DynamoDBClient, org.organization.master.id), STATE_TABLE);
  const plans = await Array.fromAsync(listPlans(table));
  return plans
    .filter(({ status }) => status === 'open')
    .toSorted((a, b) => orderOf(a).localeCompare(orderOf(b)));
};

const orderOf = ({ plan }: PlanRecord) => `${plan.accountId} ${plan.command} ${plan.resource.resourceId}`;

const nameOf = ({ organization }: LocalOrg, accountId: string) =>
  organization.members.find(({ id }) => id === accountId)?.name ?? accountId;

const showPlans = async (stage: Stage): Promise<void> => {
  const plans = await openPlans(stage);
  heading(stage, `Planned: ${plans.length} fixes wait for a person. The exact calls, and nothing done yet`);
  for (const [accountId, ofAccount] of Map.groupBy(plans, ({ plan }) => plan.accountId)) {
    stage.say(styleText('cyan', `  ${nameOf(stage.org, accountId)} (${accountId})`));
    for (const { plan } of ofAccount)
      for (const line of describePlan(plan).split('\n')) stage.say(line === '' ? '' : `    ${line}`);
  }
};

const fixByThemselves = async (stage: Stage): Promise<void> => {
  const { org } = stage;
  heading(stage, `Auto: the stop switch goes off, and account 'sandbox' is fixed by itself`);
  await org
    .client(SSMClient, org.organization.master.id)
    .send(new PutParameterCommand({ Name: STOP_PARAMETER, Value: 'off', Overwrite: true }));
  await telling(stage, async () => {
    org.remediateAgain();
    await org.settled();
  });
};

const approveAndApply = async (stage: Stage): Promise<void> => {
  heading(stage, 'Approved: each plan by a person, applied through the master account, verified afterwards');
  await telling(stage, async () => {
    for (const { plan } of await openPlans(stage)) await decide(stage, plan);
    await stage.org.settled();
  });
};

const decide = async (
  { org, say }: Stage,
  { id, accountId, description }: PlanRecord['plan'],
): Promise<string> => {
  const operator = operatorOf(org);
  const approved = await askOperator(operator, { action: 'approve', id });
  if (approved.status !== 'approved') throw new Error(`${id} was not approved: ${approved.reason}`);
  const { status, reason, changeId } = await askOperator(operator, { action: 'apply', id });
  if (status !== 'fixed' || changeId === undefined)
    throw new Error(`${id} was not fixed but ${status}: ${reason}`);
  say(
    `  ${styleText('green', 'fixed')} ${nameOf(org, accountId)}: ${description}  ${styleText('dim', changeId)}`,
  );
  return changeId;
};

const operatorOf = (org: LocalOrg) => ({
  credentials: org.credentials(org.organization.master.id),
  region: org.homeRegion,
  endpoint: org.endpointUrl,
});

const proveUndo = async (stage: Stage): Promise<void> => {
  const { org, say } = stage;
  heading(stage, 'Undone: one change is taken back and verified, found again, and fixed again');
  const change = (await ledgerOf(org)).changes.findLast(
    ({ command, outcome, accountId }) =>
      command === 'EC2_RESTRICT_ADMIN_PORTS_IPV4' &&
      outcome === 'fixed' &&
      nameOf(org, accountId ?? '') === 'payments',
  );
  if (change?.changeId === undefined) throw new Error('There is no change to undo.');
  await telling(stage, async () => {
    const undone = await askOperator(operatorOf(org), { action: 'undo', id: change.changeId ?? '' });
    if (undone.status !== 'undone') throw new Error(`${change.changeId} was not undone: ${undone.reason}`);
    say(
      `  ${styleText('yellow', 'undone')} payments: ${undone.reason}  ${styleText('dim', change.changeId ?? '')}`,
    );
    await org.settled();
    for (const { plan } of await openPlans(stage)) await decide(stage, plan);
    await org.settled();
  });
};

/** While the work is done, each verdict that changes is told. */
const telling = async ({ org, say }: Stage, work: () => Promise<void>): Promise<void> => {
  const stopTelling = org.on((event) => {
    const line = lineOf(event, org);
    if (line !== undefined) say(line);
  });
  try {
    await work();
  } finally {
    stopTelling();
  }
};

const lineOf = (event: OrgEvent, org: LocalOrg): string | undefined => {
  if (event.type !== 'VerdictStored' || event.previous === event.complianceType) return undefined;
  const { place, ruleName, resourceId, complianceType } = event;
  const colour = complianceType === 'NON_COMPLIANT' ? 'red' : 'green';
  const where = `${nameOf(org, place.accountId)} ${withoutSuffix(ruleName)} ${resourceId}`;
  return `  ${styleText(colour, complianceType)} ${where}`;
};

const lookOnceMore = async (stage: Stage): Promise<number> => {
  heading(stage, 'Green: every rule has looked once more');
  stage.org.sendScheduled();
  await stage.org.settled();
  stage.say(stage.grid());
  return violations(stage.org);
};

const ledgerOf = (org: LocalOrg) => {
  const { id } = org.organization.master;
  return summarise(s3Ledger(org.client(S3Client, id), ledgerBucket(id)).read());
};

const writeReport = async ({ org, rules }: Stage, path: string): Promise<string> => {
  const page = reportPage(
    reportOfLedger(await ledgerOf(org), {
      title: 'Compliance of the demo organization',
      createdAt: new Date(),
      rules: Object.fromEntries(rules.map((rule) => [rule.command, rule])),
      accountNames: Object.fromEntries(org.organization.members.map(({ id, name }) => [id, name])),
    }),
  );
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, page);
  return path;
};

const totalsOf = async (
  { org, rules, verdictsStored }: Stage,
  { atFirst, atLast, seconds, report }: { atFirst: number; atLast: number; seconds: number; report: string },
): Promise<DemoTotals> => {
  const { changes } = await ledgerOf(org);
  const resources = new Set(
    org
      .verdicts()
      .map(({ accountId, resourceType, resourceId }) => `${accountId}${resourceType}${resourceId}`),
  );
  return {
    accounts: org.organization.members.length,
    rules: rules.length,
    resources: resources.size,
    verdicts: verdictsStored(),
    nonCompliantAtFirst: atFirst,
    nonCompliantAtLast: atLast,
    fixes: changes.filter(({ outcome }) => outcome === 'fixed').length,
    undone: changes.filter(({ undone }) => undone?.outcome === 'undone').length,
    awsCalls: Object.values(org.calls.totals()).reduce((sum, count) => sum + count, 0),
    seconds,
    report,
  };
};

const tellTotals = (totals: DemoTotals, say: DemoOptions['say']): void => {
  say('');
  say(
    `${totals.resources} resources in ${totals.accounts} accounts, ${totals.rules} rules, ${totals.verdicts} verdicts; ` +
      `${totals.nonCompliantAtFirst} violations at first, ${totals.nonCompliantAtLast} at last; ` +
      `${totals.fixes} fixes, ${totals.undone} undone; ${totals.awsCalls} AWS calls in ${totals.seconds} s.`,
  );
  say(`Report: ${totals.report}`);
};
