import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { AccountId, transitionPlan, planIdOf, storePlan } from '@compliance/core';
import { dynamoDbTable, TABLE_KEYS } from '@compliance/core/state/dynamodb-table';
import { emulatedAccount } from '@compliance/core/testing';
import { STATE_TABLE, ledgerBucket } from '@compliance/infra';
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
  return { accountId, table, options };
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

test('an account without a deployment is invalid usage, and the error names the options to use', async () => {
  const { accountId } = await emulatedAccount();
  const options = { cwd: await temporaryFolder(), env: await environmentOf(accountId) };
  const answers = await Promise.all(
    [
      ['changes', 'list'],
      ['changes', 'show', ID],
      ['plans', 'list'],
    ].map((args) => runCli(args, options)),
  );
  const help =
    'error: No deployment found in eu-west-1 of this account. Use credentials of the master account';
  for (const answer of answers)
    expect(answer).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(help) as string });
});
