import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AccountId, AuditEvent, auditEvent } from '@compliance/core';
import { folderLedger } from '@compliance/ledger';
import * as z from 'zod';
import { expect, test } from 'vitest';

import { printSchema } from '../src/commands/ledger/schema.ts';
import { printed } from './printed.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const Schema = z.object({
  title: z.string(),
  oneOf: z.array(
    z.looseObject({
      properties: z.looseObject({ type: z.object({ const: z.string() }) }),
      required: z.array(z.string()),
    }),
  ),
});

test('ledger schema prints every type of event with the members that each has', async () => {
  const { title, oneOf } = Schema.parse(JSON.parse(await printed(async () => printSchema())));
  expect(title).toBe('Audit event of Continuous Compliance, schema 2');
  const types = AuditEvent.options.map(({ shape }) => shape.type.value);
  expect(oneOf.map(({ properties }) => properties.type.const)).toEqual(types);
  for (const { required } of oneOf)
    expect(required).toEqual(expect.arrayContaining(['type', 'schemaVersion', 'id', 'time']));
});

const ID = 'change-0123456789abcdef';
const MINUTES_AGO = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const about = {
  command: 'S3_ENABLE_VERSIONING',
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs', arn: 'arn:aws:s3:::logs' },
  owner: 'payments',
};

/** A folder with a violation and its fix. */
const smallLedger = async () => {
  const folder = await temporaryFolder();
  const [found, fixed] = [MINUTES_AGO(9), MINUTES_AGO(5)];
  await folderLedger(folder).append([
    auditEvent(
      {
        type: 'resource-evaluated',
        ...about,
        trigger: 'change',
        complianceType: 'NON_COMPLIANT',
        annotation: 'Versioning is Off.',
        orderingTime: found.toISOString(),
      },
      found,
      found,
    ),
    auditEvent(
      {
        type: 'remediation-finished',
        ...about,
        executionId: 'execution-1',
        outcome: 'fixed',
        reason: 'Turn versioning on',
        changeId: ID,
        actor: 'ada',
        factsBefore: { status: 'Off' },
        factsAfter: { status: 'Enabled' },
        steps: [
          {
            intent: { type: 'call', operation: 's3:PutBucketVersioning', input: { Bucket: 'logs' } },
            outcome: { type: 'done' },
          },
        ],
      },
      fixed,
      fixed,
    ),
  ]);
  return folder;
};

test('ledger show tells the story of a change from a copy of a ledger, without AWS', async () => {
  const folder = await smallLedger();
  const { code, stdout, stderr } = await runCli(['ledger', 'show', ID, '--ledger', folder]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, '(time)'))
    .toBe(`S3_ENABLE_VERSIONING: AWS::S3::Bucket logs in 111122223333 eu-west-1
  Owner: payments
  (time)  found           Versioning is Off.
  (time)  applied         Turn versioning on  by ada  [${ID}]
      s3:PutBucketVersioning {"Bucket":"logs"} (done)
  (time)  verified        status: "Off" → "Enabled"  by ada  [${ID}]

`);
});

test('ledger show --json has the steps of each finding of a resource', async () => {
  const folder = await smallLedger();
  const { stdout } = await runCli(['ledger', 'show', about.resource.arn, '--ledger', folder, '--json']);
  expect(JSON.parse(stdout)).toMatchObject([
    {
      command: about.command,
      resource: about.resource,
      owner: 'payments',
      steps: [{ step: 'found' }, { step: 'applied', changeId: ID, actor: 'ada' }, { step: 'verified' }],
    },
  ]);
});

test('changes list and ledger count read a copy of a ledger', async () => {
  const folder = await smallLedger();
  const [list, count] = await Promise.all([
    runCli(['changes', 'list', '--ledger', folder]),
    runCli(['ledger', 'count', '--ledger', folder, '--json']),
  ]);
  expect(list.stdout).toMatch(new RegExp(`^${ID} .* fixed .*Turn versioning on, requested by ada`));
  expect(JSON.parse(count.stdout)).toEqual([
    {
      accountId: '111122223333',
      command: about.command,
      compliant: 0,
      nonCompliant: 1,
      excluded: 0,
      notApplicable: 0,
      exempt: 0,
    },
  ]);
});

test('a malformed line and a foreign object are named, counted and skipped, with exit code 4', async () => {
  const folder = await smallLedger();
  const actions = join(folder, 'intake/class=actions');
  await writeFile(join(actions, 'notes.txt'), 'Mine.');
  const late = join(actions, `arrived=${new Date().toISOString().slice(0, 13)}/shard=00`);
  await mkdir(late, { recursive: true });
  await appendFile(join(late, 'half.ndjson'), '{"type":"remed');
  const { code, stdout, stderr } = await runCli(['changes', 'list', '--ledger', folder]);
  expect(code).toBe(4);
  expect(stdout).toContain(ID);
  expect(stderr).toMatch(/^2 malformed or foreign lines or objects of the ledger are left out:\n/);
  expect(stderr).toContain(`  ${join(late, 'half.ndjson')}, line 1: It is not JSON.\n`);
  expect(stderr).toContain(`  ${join(actions, 'notes.txt')}: No ledger wrote an object of this name here.\n`);
});

test('a name or a reason with a line feed forges no row', async () => {
  const folder = await temporaryFolder();
  const time = MINUTES_AGO(5);
  const forged = 'logs\nchange-ffffffffffffffff  fixed';
  await folderLedger(folder).append([
    auditEvent(
      {
        type: 'remediation-finished',
        ...about,
        resource: { ...about.resource, resourceName: forged },
        owner: forged,
        executionId: 'execution-1',
        outcome: 'failed',
        reason: forged,
        changeId: ID,
        actor: forged,
      },
      time,
      time,
    ),
  ]);
  await mkdir(join(folder, 'intake/class=actions'), { recursive: true });
  await writeFile(join(folder, 'intake/class=actions', forged.replaceAll('/', '-')), 'Mine.');
  for (const command of [
    ['changes', 'list'],
    ['ledger', 'show', ID],
  ]) {
    const { stdout, stderr } = await runCli([...command, '--ledger', folder]);
    expect(`${stdout}${stderr}`).toContain('logs change-ffffffffffffffff  fixed');
    expect(`${stdout}${stderr}`).not.toMatch(/^change-f/m);
  }
});

test('a folder of something else is no empty ledger', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'notes.txt'), 'Mine.');
  const { code, stderr } = await runCli(['ledger', 'count', '--ledger', folder]);
  expect(code).toBe(2);
  expect(stderr).toContain(`No ledger in ${folder}`);
});

test.each([
  ['an id of nothing', ['show', 'logs'], "Not a change, a plan or an ARN: 'logs'."],
  ['an unknown change', ['show', 'change-ffffffffffffffff'], 'Nothing about change-ffffffffffffffff'],
  ['a folder that is not there', ['count', '--ledger', './none'], 'No folder ./none.'],
  ['an address with a key', ['count', '--ledger', 's3://bucket/key'], 'Not a bucket: s3://bucket/key.'],
])('%s is invalid usage', async (_, args, message) => {
  const folder = await smallLedger();
  const place = args.includes('--ledger') ? [] : ['--ledger', folder];
  const { code, stdout, stderr } = await runCli(['ledger', ...args, ...place]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});
