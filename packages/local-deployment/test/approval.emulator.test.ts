import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
  GetAccountPasswordPolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateVpcCommand, DescribeFlowLogsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  configRuleName,
  defined,
  listPlans,
  type AccountId,
  type OperatorAnswer,
  type PlanRecord,
} from '@compliance/core';
import { dynamoDbTable } from '@compliance/core/state/dynamodb-table';
import { STATE_TABLE } from '@compliance/infra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { automate } from './automate.ts';
import { BUCKET, VERSIONING, createBucket, suspendVersions, versioningOf } from './buckets.ts';
import {
  requestAsOperator,
  createPerson,
  signProof,
  type OperatorOptions,
  type Person,
  invokeWithPayload,
} from './operator.ts';
import { REGION, startStory, type Story } from './story.ts';

const MIN_LENGTH = 'IAM_SET_PASSWORD_MIN_LENGTH';
const REUSE = 'IAM_PREVENT_PASSWORD_REUSE';
const FLOW_LOGS = 'VPC_ENABLE_FLOW_LOGS';

let story: Story;
/** By mode: `a` is in `approve`, `b` in `plan`, `c` in `auto`. */
let a: AccountId;
let b: AccountId;
let c: AccountId;
let alice: Person;
let bob: Person;
/** An identity of a member account. */
let mallory: Person;

beforeAll(async () => {
  story = await startStory({
    members: ['team-a', 'team-b', 'team-c'],
    settings: {
      limits: { maxSharePerHour: 1 },
      defaults: { mode: 'observe' },
      rules: {
        [VERSIONING]: {
          groups: { 'team-a': { mode: 'approve' }, 'team-b': { mode: 'plan' }, 'team-c': { mode: 'auto' } },
        },
        [MIN_LENGTH]: { groups: { 'team-a': { mode: 'approve' } } },
        [REUSE]: { groups: { 'team-a': { mode: 'approve' } } },
        [FLOW_LOGS]: {
          groups: {
            'team-a': {
              mode: 'approve',
              parameters: { logDestinationType: 's3', logDestination: 'arn:aws:s3:::flow-logs' },
            },
          },
        },
      },
    },
    seed: async (org) => {
      await createBucket(org, org.organization.members[0]?.id ?? '', 'flow-logs');
    },
  });
  [a, b, c] = [story.account('team-a'), story.account('team-b'), story.account('team-c')];
  [alice, bob, mallory] = await Promise.all([
    createPerson(story, story.masterId, 'alice'),
    createPerson(story, story.masterId, 'bob'),
    createPerson(story, b, 'mallory'),
  ]);
});
afterAll(() => story.stop());

/** The plan for a new bucket without versions. */
const plannedBucket = async (accountId: string, bucket: string): Promise<PlanRecord> => {
  await createBucket(story, accountId, bucket);
  await story.whenIdle();
  return planFor(bucket);
};

const planFor = async (resourceId: string, command = VERSIONING): Promise<PlanRecord> => {
  const [record] = (await story.plans({ command })).filter(
    ({ plan }) => plan.resource.resourceId === resourceId,
  );
  if (record) return record;
  throw new Error(`There is no plan of ${command} for ${resourceId}.`);
};

const approve = (id: string, asked: OperatorOptions = { by: alice }) =>
  requestAsOperator(story, 'approve', id, asked);
const apply = (id: string, asked: OperatorOptions = { by: alice }) =>
  requestAsOperator(story, 'apply', id, asked);
const undo = (id: string, asked: OperatorOptions = { by: alice }) =>
  requestAsOperator(story, 'undo', id, asked);

const appliedBucket = async (bucket: string): Promise<OperatorAnswer> => {
  const { plan } = await plannedBucket(a, bucket);
  await approve(plan.id);
  return apply(plan.id);
};

/** Runs `compliance changes …` in the master account and returns what it prints. */
const printed = async (...args: readonly string[]): Promise<string> => {
  const { accessKeyId, secretAccessKey, sessionToken } = story.org.credentials(story.masterId);
  const main = join(import.meta.dirname, '../../../apps/cli/src/main.js');
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'changes', ...args], {
    cwd: tmpdir(),
    env: {
      AWS_ENDPOINT_URL: story.org.endpointUrl,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...defined({ AWS_SESSION_TOKEN: sessionToken }),
    },
  });
  return stdout;
};

const Listed = z.array(
  z.looseObject({ changeId: z.string(), resource: z.object({ resourceId: z.string() }) }),
);

const compliance = (accountId: string, bucket: string) =>
  story.verdict(VERSIONING, accountId, bucket)?.complianceType;

describe('the mode of an account', () => {
  test('mode plan plans the exact calls, applies nothing and refuses an approval', async () => {
    const { plan, status } = await plannedBucket(b, 'b-planned');
    expect(status).toBe('open');
    expect(plan).toMatchObject({
      accountId: b,
      annotation: 'Versioning is Off.',
      risk: 'safe',
      steps: [
        {
          operation: 's3:PutBucketVersioning',
          input: {
            Bucket: 'b-planned',
            ExpectedBucketOwner: b,
            VersioningConfiguration: { Status: 'Enabled' },
          },
        },
      ],
    });
    await expect(approve(plan.id)).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining(`The mode of ${VERSIONING} is 'plan' in account ${b}`) as string,
    });
    await expect(
      automate(story, { accountId: b, command: VERSIONING, resourceType: BUCKET, resourceId: 'b-planned' }),
    ).resolves.toMatchObject({ status: 'planned' });
    await expect(versioningOf(story, b, 'b-planned')).resolves.toBeUndefined();
  });

  test('mode auto fixes without an approval', async () => {
    await createBucket(story, c, 'c-fixed');
    await story.whenIdle();
    expect(compliance(c, 'c-fixed')).toBe('COMPLIANT');
  });

  test('an automatic fix is listed, undone by its id, and shown as undone', async () => {
    await createBucket(story, c, 'c-listed');
    await story.whenIdle();
    const listed = Listed.parse(JSON.parse(await printed('list', '--account', c, '--json')));
    const change = listed.find(({ resource }) => resource.resourceId === 'c-listed');
    expect(change).toMatchObject({ outcome: 'fixed', accountId: c, command: VERSIONING, canBeUndone: true });
    expect(change).not.toHaveProperty('actor');
    const id = change?.changeId ?? '';
    await expect(undo(id)).resolves.toMatchObject({ status: 'undone' });
    const shown = await printed('show', id);
    expect(shown).toContain(`Turn versioning on for bucket c-listed\n  ${id}, of plan-`);
    expect(shown).toMatch(
      /Outcome: undone\n   Undo: nothing to undo: .+\n[^]*Status: undone\nNo undo: .+\n$/,
    );
  });

  test('mode approve applies nothing before an approval', async () => {
    const { plan } = await plannedBucket(a, 'a-waiting');
    await expect(apply(plan.id)).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('is open') as string,
    });
    await expect(versioningOf(story, a, 'a-waiting')).resolves.toBeUndefined();
    expect(compliance(a, 'a-waiting')).toBe('NON_COMPLIANT');
  });
});

describe('a plan', () => {
  test('a plan is approved, applied, verified, and undone', async () => {
    const { plan } = await plannedBucket(a, 'approved');
    await expect(approve(plan.id)).resolves.toMatchObject({ status: 'approved' });
    await expect(versioningOf(story, a, 'approved')).resolves.toBeUndefined();
    const applied = await apply(plan.id, { by: bob });
    expect(applied).toMatchObject({ status: 'fixed', planId: plan.id });
    expect(compliance(a, 'approved')).toBe('COMPLIANT');

    const record = await planFor('approved');
    const aliceArn = `arn:aws:sts::${story.masterId}:assumed-role/alice/alice`;
    expect(record).toMatchObject({ status: 'applied', decision: { by: aliceArn } });
    expect((await story.audited('plan-decided')).at(-1)).toMatchObject({ planId: plan.id, actor: aliceArn });

    await expect(undo(applied.changeId ?? '', { by: bob })).resolves.toMatchObject({ status: 'undone' });
    // As the plan's undoLeaves says: S3 cannot return to Off.
    expect(plan.undoLeaves).toEqual({ status: 'Suspended' });
    await expect(versioningOf(story, a, 'approved')).resolves.toBe('Suspended');
    expect(compliance(a, 'approved')).toBe('NON_COMPLIANT');
    expect((await story.audited('change-undone')).at(-1)).toMatchObject({
      outcome: 'undone',
      actor: expect.stringContaining('/bob/') as string,
      factsBefore: { status: 'Enabled' },
      factsAfter: { status: 'Suspended' },
    });
  });

  test('a change whose undo needs an id from the answer of its call is undone', async () => {
    const ec2 = story.client(EC2Client, a);
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.7.0.0/16' }));
    const vpcId = Vpc?.VpcId ?? '';
    await story.whenIdle();
    const flowLogs = async () =>
      (await ec2.send(new DescribeFlowLogsCommand({ Filter: [{ Name: 'resource-id', Values: [vpcId] }] })))
        .FlowLogs?.length;
    const { plan } = await planFor(vpcId, FLOW_LOGS);
    await approve(plan.id);
    const { changeId = '' } = await apply(plan.id);
    expect(await flowLogs()).toBe(1);
    await expect(undo(changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(await flowLogs()).toBe(0);
  });

  test('only one of two simultaneous approvals of a plan succeeds', async () => {
    const { plan } = await plannedBucket(a, 'popular');
    const answers = await Promise.all([approve(plan.id), approve(plan.id, { by: bob })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['approved', 'refused']);
    expect(answers.find(({ status }) => status === 'refused')?.reason).toContain('is already approved by');
  });

  test('only one of two simultaneous applies of a plan succeeds, and its approval is used up', async () => {
    const { plan } = await plannedBucket(a, 'applied-once');
    await approve(plan.id);
    const answers = await Promise.all([apply(plan.id), apply(plan.id, { by: bob })]);
    expect(answers.filter(({ status }) => status === 'fixed')).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 'refused' || status === 'skipped')).toHaveLength(1);
    await suspendVersions(story, a, 'applied-once');
    await story.whenIdle();
    await expect(apply(plan.id)).resolves.toMatchObject({ status: 'refused' });
    await expect(versioningOf(story, a, 'applied-once')).resolves.toBe('Suspended');
  });

  test('a rejected plan stays rejected and cannot be approved', async () => {
    const { plan } = await plannedBucket(a, 'rejected');
    await expect(requestAsOperator(story, 'reject', plan.id, { by: alice })).resolves.toMatchObject({
      status: 'rejected',
    });
    await expect(approve(plan.id, { by: bob })).resolves.toMatchObject({ status: 'refused' });
    story.org.sendScheduled({ accountId: a, ruleName: configRuleName(VERSIONING) });
    await story.whenIdle();
    expect((await planFor('rejected')).status).toBe('rejected');
  });

  test('an expired plan is refused, and the next sweep makes a new one', async () => {
    const { plan } = await plannedBucket(a, 'late');
    await approve(plan.id);
    await rewrite('decision', plan.id, (row) => ({ ...row, expiresAt: new Date().toISOString() }));
    await expect(apply(plan.id)).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('expired') as string,
    });
    await expect(versioningOf(story, a, 'late')).resolves.toBeUndefined();
    story.org.sendScheduled({ accountId: a, ruleName: configRuleName(VERSIONING) });
    await story.whenIdle();
    expect((await planFor('late')).status).toBe('open');
  });

  test('a plan whose resource changed is replaced, and the answer names the new plan', async () => {
    const { plan } = await plannedBucket(a, 'moved');
    await approve(plan.id);
    await suspendVersions(story, a, 'moved');
    await story.whenIdle();
    const answer = await apply(plan.id);
    expect(answer).toMatchObject({
      status: 'planned',
      reason: expect.stringContaining(`The resource changed after ${plan.id} was planned.`) as string,
    });
    expect(answer.planId).not.toBe(plan.id);
    await expect(versioningOf(story, a, 'moved')).resolves.toBe('Suspended');
    await approve(answer.planId ?? '');
    await expect(apply(answer.planId ?? '')).resolves.toMatchObject({ status: 'fixed' });
  });

  test('a plan that somebody edited by hand is not applied', async () => {
    const { plan } = await plannedBucket(a, 'edited');
    await approve(plan.id);
    const resource = { ...plan.resource, resourceId: 'flow-logs' };
    await rewrite('plan', plan.id, (row) => ({ ...row, plan: { ...plan, resource } }));
    const answer = await apply(plan.id);
    expect(answer.status).not.toBe('fixed');
    await expect(versioningOf(story, a, 'edited')).resolves.toBeUndefined();
    await expect(versioningOf(story, a, 'flow-logs')).resolves.toBeUndefined();
  });
});

/** Edits a row by hand, which the product never does, as the administrator, for which no policy counts. */
const rewrite = async (pk: 'plan' | 'decision', planId: string, change: (row: object) => object) => {
  const row = await story.table.get(pk, planId);
  if (!row) throw new Error(`There is no ${pk} ${planId}.`);
  const data = change(z.looseObject({}).parse(row.data));
  await story.table.put({ pk, sk: planId, data, expected: row.version });
};

test('an identity that IAM allows everything reads the state table, and writes no plan, decision or journal', async () => {
  const mayAll = { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' };
  await story.client(IAMClient, story.masterId).send(
    new PutRolePolicyCommand({
      RoleName: 'bob',
      PolicyName: 'everything',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [mayAll] }),
    }),
  );
  const own = { region: REGION, endpoint: story.org.endpointUrl, credentials: bob };
  const table = dynamoDbTable(new DynamoDBClient(own), STATE_TABLE);
  const write = (pk: string) => table.put({ pk, sk: 'plan-0123456789abcdef', data: {}, expected: 0 });
  for (const pk of ['plan', 'decision', 'change#change-0123456789abcdef', 'keeper#heads'])
    await expect(write(pk), pk).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(Array.fromAsync(listPlans(table))).resolves.not.toEqual([]);
  await expect(write('outbox#settings')).resolves.toBe(true);
});

describe('an identity of another account', () => {
  test('an identity of a member cannot invoke the operators’ alias', async () => {
    const { plan } = await plannedBucket(a, 'wanted');
    for (const action of ['approve', 'apply', 'undo', 'reject'] as const)
      await expect(requestAsOperator(story, action, plan.id, { by: mallory })).rejects.toThrow(
        /not authorized/,
      );
    expect((await planFor('wanted')).status).toBe('open');
  });

  test('an identity of a member gets nothing planned or fixed by a payload of its own', async () => {
    const payload = {
      complianceCommand: VERSIONING,
      resourceType: BUCKET,
      resourceId: 'wanted',
      accountId: a,
      region: REGION,
      partition: 'aws',
      executionId: 'made-up',
    };
    const plans = (await story.audited('plan-created')).length;
    await expect(invokeWithPayload(story, payload, mallory)).resolves.toEqual({ status: 'refused' });
    await story.whenIdle();
    expect(await story.audited('plan-created')).toHaveLength(plans);
    expect((await story.audited('remediation-finished')).at(-1)).toMatchObject({
      outcome: 'refused',
      executionId: 'made-up',
      reason: expect.stringContaining('does not exist there') as string,
    });
  });

  test('an identity of a member decides nothing without the operators’ alias', async () => {
    const { plan } = await planFor('wanted');
    for (const action of ['approve', 'apply', 'undo'] as const)
      await expect(
        requestAsOperator(story, action, plan.id, { by: mallory, qualifier: null }),
      ).resolves.toEqual({ status: 'refused' });
    expect((await planFor('wanted')).status).toBe('open');
  });

  test('a proof of a member’s identity is refused, even when an operator sends it', async () => {
    const { plan } = await planFor('wanted');
    const proof = await signProof(story, mallory, 'approve', plan.id);
    await expect(approve(plan.id, { by: alice, proof })).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('Operators must use an identity in master account') as string,
    });
  });

  test.for([
    ['for another plan', () => signProof(story, alice, 'approve', 'plan-0000000000000000')],
    [
      'of a clock that is an hour slow',
      async () =>
        signProof(story, alice, 'approve', (await planFor('wanted')).plan.id, {
          signingDate: new Date(Date.now() - 3_600_000),
        }),
    ],
    [
      'for another text than the stored plan’s',
      async () =>
        signProof(story, alice, 'approve', (await planFor('wanted')).plan.id, { shown: '0'.repeat(64) }),
    ],
    ['for another action', async () => signProof(story, alice, 'reject', (await planFor('wanted')).plan.id)],
    [
      'with another signature',
      async () =>
        (await signProof(story, alice, 'approve', (await planFor('wanted')).plan.id)).replace(
          /X-Amz-Signature=..../,
          'X-Amz-Signature=0000',
        ),
    ],
    [
      'for another server',
      async () =>
        (await signProof(story, alice, 'approve', (await planFor('wanted')).plan.id)).replace(
          /^http:\/\/[^/]+/,
          'http://sts.example.com',
        ),
    ],
  ] as const)('a proof %s is refused', async ([, proofOf]) => {
    const { plan } = await planFor('wanted');
    await expect(approve(plan.id, { by: alice, proof: await proofOf() })).resolves.toMatchObject({
      status: 'refused',
    });
    expect((await planFor('wanted')).status).toBe('open');
  });
});

describe('an undo', () => {
  test('a change is undone once', async () => {
    const { changeId = '' } = await appliedBucket('undone-once');
    await expect(undo(changeId)).resolves.toMatchObject({ status: 'undone' });
    await expect(undo(changeId, { by: bob })).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('is already undone') as string,
    });
  });
});

describe('two rules that edit the password policy', () => {
  const policy = async () =>
    (await story.client(IAMClient, a).send(new GetAccountPasswordPolicyCommand({}))).PasswordPolicy;
  /** Changes the policy as the owner of the account. */
  const change = async (members: object) => {
    const { ExpirePasswords: _, ...live } = (await policy()) ?? {};
    await story.client(IAMClient, a).send(new UpdateAccountPasswordPolicyCommand({ ...live, ...members }));
  };
  let applied: readonly OperatorAnswer[] = [];

  test('two edits of the password policy are approved together, applied at the same moment, and both fixed', async () => {
    const plans = await Promise.all([planFor(a, MIN_LENGTH), planFor(a, REUSE)]);
    for (const { plan } of plans)
      await expect(approve(plan.id)).resolves.toMatchObject({ status: 'approved' });
    applied = await Promise.all(plans.map(({ plan }) => apply(plan.id)));
    expect(applied).toMatchObject([{ status: 'fixed' }, { status: 'fixed' }]);
    expect(await policy()).toMatchObject({ MinimumPasswordLength: 14, PasswordReusePrevention: 24 });
    for (const command of [MIN_LENGTH, REUSE])
      expect(story.verdict(command, a, a)?.complianceType).toBe('COMPLIANT');
  });

  test('an edit of the password policy is not undone over a later change, which the answer names', async () => {
    await change({ MinimumPasswordLength: 16 });
    await expect(undo(applied[0]?.changeId ?? '')).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('MinimumPasswordLength: 14') as string,
    });
    expect(await policy()).toMatchObject({ MinimumPasswordLength: 16 });
    await change({ MinimumPasswordLength: 14 });
  });

  test('an undo of one edit keeps the other rule’s fix and the owner’s change', async () => {
    await change({ MaxPasswordAge: 90 });
    await expect(undo(applied[0]?.changeId ?? '')).resolves.toMatchObject({ status: 'undone' });
    expect(await policy()).toMatchObject({
      MinimumPasswordLength: 8,
      PasswordReusePrevention: 24,
      MaxPasswordAge: 90,
    });
    story.org.sendScheduled({ accountId: a });
    await story.whenIdle();
    expect(story.verdict(MIN_LENGTH, a, a)?.complianceType).toBe('NON_COMPLIANT');
    expect(story.verdict(REUSE, a, a)?.complianceType).toBe('COMPLIANT');
  });
});
