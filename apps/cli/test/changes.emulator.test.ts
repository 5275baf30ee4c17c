import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { AccountId, auditEvent, transitionPlan, planIdOf, storePlan } from '@compliance/core';
import { dynamoDbTable, TABLE_KEYS } from '@compliance/core/state/dynamodb-table';
import { emulatedAccount } from '@compliance/core/testing';
import { STATE_TABLE, ledgerBucket } from '@compliance/infra';
import { s3Ledger } from '@compliance/ledger';
import { expect, test } from 'vitest';

import { environmentOf } from './environment-of.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ID = 'change-0123456789abcdef';

/** Creates a master account with an empty ledger and an empty state table. */
const emptyMaster = async () => {
  const { admin, accountId } = await emulatedAccount();
  await admin.client(S3Client).send(
    new CreateBucketCommand({
      Bucket: ledgerBucket(accountId),
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  );
  await admin.client(DynamoDBClient).send(
    new CreateTableCommand({
      TableName: STATE_TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      ...TABLE_KEYS,
    }),
  );
  const table = dynamoDbTable(admin.client(DynamoDBClient), STATE_TABLE);
  const options = { cwd: await temporaryFolder(), env: await environmentOf(accountId) };
  return { admin, accountId, table, options };
};

test('without changes the list is empty, and showing an unknown change is invalid usage', async () => {
  const { accountId, options } = await emptyMaster();
  const [text, json, shown] = await Promise.all([
    runCli(['changes', 'list', '--days', '30', '--account', accountId], options),
    runCli(['changes', 'list', '--json'], options),
    runCli(['changes', 'show', ID], options),
  ]);
  expect(text).toMatchObject({
    code: 0,
    stdout: 'No matching changes in the last 30 days. Use --days to list older ones.\n',
    stderr: '',
  });
  expect(json).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' });
  expect(shown).toMatchObject({
    code: 2,
    stdout: '',
    stderr: `error: Change not found: ${ID}. List changes with 'compliance changes list --days 30'.\n`,
  });
});

test('ledger show tells the story of a plan from the ledger of the deployment, or a bucket by name', async () => {
  const { admin, accountId, options } = await emptyMaster();
  const now = new Date();
  const about = {
    command: 'S3_ENABLE_VERSIONING',
    accountId: AccountId.parse(accountId),
    region: 'eu-west-1',
    resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
  };
  const planId = 'plan-0123456789abcdef';
  await s3Ledger(admin.client(S3Client), ledgerBucket(accountId)).append([
    auditEvent(
      { type: 'plan-decided', ...about, planId, decision: 'rejected', actor: 'ada', reason: 'It goes.' },
      now,
      now,
    ),
  ]);
  const show = ['ledger', 'show', planId];
  const own = await runCli(show, options);
  expect(own).toMatchObject({ code: 0, stderr: '' });
  expect(own.stdout).toContain(`rejected        It goes.  by ada  [${planId}]`);
  const named = await runCli([...show, '--ledger', `s3://${ledgerBucket(accountId)}`], options);
  expect(named).toEqual(own);
});

test('plans show names the change of an applied plan', async () => {
  const { accountId, table, options } = await emptyMaster();
  const finding = {
    command: 'S3_ENABLE_VERSIONING',
    accountId: AccountId.parse(accountId),
    region: 'eu-west-1',
    resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
    facts: { status: 'Off' },
    annotation: 'Versioning is Off.',
    description: 'Turn versioning on',
    risk: 'safe' as const,
    steps: [],
  };
  const planId = planIdOf(finding);
  const now = new Date();
  await storePlan(table, { plan: { ...finding, id: planId }, now, ttlDays: 7 });
  await transitionPlan(table, { planId, from: ['open'], to: 'applied', now, appliedByChange: ID });
  await expect(runCli(['plans', 'show', planId], options)).resolves.toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`\nApplied by ${ID}. Details: compliance changes show ${ID}\n`) as string,
  });
});

test('plans are listed by rule, account, risk and age, and selected for a decision', async () => {
  const { accountId, table, options } = await emptyMaster();
  const store = async (resourceId: string, risk: 'safe' | 'disruptive') => {
    const finding = {
      command: 'S3_ENABLE_VERSIONING',
      accountId: AccountId.parse(accountId),
      region: 'eu-west-1',
      resource: { resourceType: 'AWS::S3::Bucket', resourceId },
      facts: { status: 'Off' },
      annotation: 'Versioning is Off.',
      description: `Turn versioning on for ${resourceId}`,
      risk,
      steps: [],
    };
    const id = planIdOf(finding);
    await storePlan(table, { plan: { ...finding, id }, now: new Date(), ttlDays: 7 });
    return id;
  };
  const safe = await store('logs', 'safe');
  const disruptive = await store('data', 'disruptive');
  const list = async (...args: string[]) => (await runCli(['plans', 'list', ...args], options)).stdout;

  const all = await list('--rule', 'S3_ENABLE_VERSIONING', '--account', accountId, '--days', '1');
  expect(all).toContain(safe);
  expect(all).toContain(disruptive);
  expect(await list('--risk', 'disruptive')).not.toContain(safe);
  expect(await list('--older-than', '1')).toBe('No matching open plans.\n');
  expect(await list('--rule', 'VPC_ENABLE_FLOW_LOGS')).toBe('No matching open plans.\n');

  const select = ['--rule', 'S3_ENABLE_VERSIONING', '--risk', 'safe'];
  const dryRun = await runCli(['approve', ...select, '--dry-run'], options);
  expect(dryRun).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(new RegExp(`^${safe} [^\n]*\n$`)) as string,
  });
  const unasked = await runCli(['approve', ...select], options);
  expect(unasked).toMatchObject({ code: 2, stdout: dryRun.stdout });
  expect(unasked.stderr).toBe(
    'error: Not confirmed: Approve this plan? Standard input is no terminal. Use --yes.\n',
  );
});

test('an account without a deployment is invalid usage, and the error names the options to use', async () => {
  const { accountId } = await emulatedAccount();
  const options = { cwd: await temporaryFolder(), env: await environmentOf(accountId) };
  const answers = await Promise.all(
    [
      ['changes', 'list'],
      ['changes', 'show', ID],
      ['plans', 'list'],
      ['approve', 'plan-0123456789abcdef'],
      ['reject', '--rule', 'S3_ENABLE_VERSIONING'],
    ].map((args) => runCli(args, options)),
  );
  const help =
    'error: No deployment found in eu-west-1 of this account. Use credentials of the master account';
  for (const answer of answers)
    expect(answer).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(help) as string });
});
