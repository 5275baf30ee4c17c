import { CloudTrailClient, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { CreateVpcCommand, DescribeFlowLogsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetDetectorCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { GetAccountPasswordPolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { configRuleName, type AccountId } from '@compliance/core';
import { summarise } from '@compliance/ledger';
import type { LocalOrg } from '@compliance/local-org';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startAutomation, answerOf } from './automate.ts';
import { BUCKET, VERSIONING, createBucket, deleteBucket, suspendVersions, versioningOf } from './buckets.ts';
import { OPEN_PORTS, createSecurityGroup, ingressOf } from './security-groups.ts';
import { REGION, startStory, type Story } from './story.ts';

const LOGS = 'story-logs';
const auto = { mode: 'auto' };

let story: Story;
let a: AccountId;
let b: AccountId;

/** Creates the bucket for trail and flow logs: the product creates none. */
const seed = async (org: LocalOrg) => {
  const accountId = org.organization.members[0]?.id ?? '';
  await createBucket(org, accountId, LOGS);
  const statement = {
    Effect: 'Allow',
    Principal: { Service: ['cloudtrail.amazonaws.com', 'delivery.logs.amazonaws.com'] },
    Action: ['s3:GetBucketAcl', 's3:PutObject'],
    Resource: [`arn:aws:s3:::${LOGS}`, `arn:aws:s3:::${LOGS}/*`],
  };
  await org.client(S3Client, accountId).send(
    new PutBucketPolicyCommand({
      Bucket: LOGS,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );
};

const settings = {
  limits: { maxSharePerHour: 1 },
  defaults: { mode: 'observe' },
  rules: {
    S3_ENABLE_VERSIONING: { groups: { 'team-a': auto } },
    VPC_ENABLE_FLOW_LOGS: {
      groups: {
        'team-a': {
          ...auto,
          parameters: { logDestinationType: 's3', logDestination: `arn:aws:s3:::${LOGS}` },
        },
      },
    },
    [OPEN_PORTS]: { groups: { 'team-a': { ...auto, allowDisruptive: true } } },
    IAM_SET_PASSWORD_MIN_LENGTH: { groups: { 'team-a': auto } },
    IAM_PREVENT_PASSWORD_REUSE: { groups: { 'team-a': auto } },
    CLOUDTRAIL_ENABLE_MULTI_REGION: { groups: { 'team-a': { ...auto, parameters: { s3BucketName: LOGS } } } },
    GUARDDUTY_ENABLE_CENTRALIZED: { groups: { 'team-a': auto } },
  },
};

beforeAll(async () => {
  story = await startStory({ members: ['team-a', 'team-b'], settings, seed });
  [a, b] = [story.account('team-a'), story.account('team-b')];
});
afterAll(() => story.stop());

const complianceOf = (command: string, accountId: string, resourceId: string) =>
  story.verdict(command, accountId, resourceId)?.complianceType;

/** The verdicts that AWS Config got about a resource, in their order. */
const reported = (command: string, resourceId: string) =>
  story
    .events('VerdictStored')
    .filter((event) => event.resourceId === resourceId && isOf(command, event.ruleName))
    .map(({ complianceType }) => complianceType);

const isOf = (command: string, ruleName: string) => ruleName.startsWith(configRuleName(command));

describe('a violation in mode auto', () => {
  test('a bucket without versions is fixed, and the ledger records it', async () => {
    await createBucket(story, a, 'plain');
    await story.whenIdle();
    expect(reported(VERSIONING, 'plain')).toEqual(['NON_COMPLIANT', 'COMPLIANT']);
    await expect(versioningOf(story, a, 'plain')).resolves.toBe('Enabled');
    const ofPlain = { command: VERSIONING, accountId: a, resource: { resourceId: 'plain' } };
    const { verdicts, changes } = await summarise(story.ledger.read());
    expect(verdicts.filter(({ resource }) => resource.resourceId === 'plain')).toMatchObject([
      { ...ofPlain, complianceType: 'COMPLIANT' },
    ]);
    expect(changes.filter(({ resource }) => resource?.resourceId === 'plain')).toMatchObject([
      {
        ...ofPlain,
        owner: 'team-a@example.com',
        outcome: 'fixed',
        factsBefore: { status: 'Off' },
        factsAfter: { status: 'Enabled' },
        steps: [{ intent: { operation: 's3:PutBucketVersioning' }, outcome: { type: 'done' } }],
      },
    ]);
    // The log has each of them, too.
    const logged = (await story.audit()).filter(({ resource }) => resource?.resourceId === 'plain');
    expect(logged.map(({ type }) => type).toSorted()).toEqual([
      'remediation-finished',
      'resource-evaluated',
      'resource-evaluated',
    ]);
  });

  test('a VPC without flow logs is fixed', async () => {
    const ec2 = story.client(EC2Client, a);
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
    const vpcId = Vpc?.VpcId ?? '';
    await story.whenIdle();
    const { FlowLogs } = await ec2.send(
      new DescribeFlowLogsCommand({ Filter: [{ Name: 'resource-id', Values: [vpcId] }] }),
    );
    expect(FlowLogs).toMatchObject([{ TrafficType: 'REJECT', LogDestination: `arn:aws:s3:::${LOGS}` }]);
    // Its item has no flow logs, and no event follows the fix: the sweep reads it.
    story.org.sendScheduled({ accountId: a, ruleName: configRuleName('VPC_ENABLE_FLOW_LOGS') });
    await story.whenIdle();
    expect(complianceOf('VPC_ENABLE_FLOW_LOGS', a, vpcId)).toBe('COMPLIANT');
  });

  test('a security group that opens SSH is fixed, and its other rules stay', async () => {
    const groupId = await createSecurityGroup(story, a, 'bastion', [
      '22 0.0.0.0/0',
      '22 192.0.2.0/24',
      '443 0.0.0.0/0',
    ]);
    await story.whenIdle();
    await expect(ingressOf(story, a, groupId)).resolves.toEqual(['22 192.0.2.0/24', '443 0.0.0.0/0']);
    expect(complianceOf(OPEN_PORTS, a, groupId)).toBe('COMPLIANT');
  });

  test('a password policy is fixed by two rules at the same moment', async () => {
    const { PasswordPolicy } = await story.client(IAMClient, a).send(new GetAccountPasswordPolicyCommand({}));
    expect(PasswordPolicy).toMatchObject({ MinimumPasswordLength: 14, PasswordReusePrevention: 24 });
    for (const command of ['IAM_SET_PASSWORD_MIN_LENGTH', 'IAM_PREVENT_PASSWORD_REUSE'])
      expect(reported(command, a)).toEqual(['NON_COMPLIANT', 'COMPLIANT']);
  });

  test('an account without a trail is fixed', async () => {
    const { IsLogging } = await story
      .client(CloudTrailClient, a)
      .send(new GetTrailStatusCommand({ Name: 'compliance-multi-region' }));
    expect(IsLogging).toBe(true);
    expect(reported('CLOUDTRAIL_ENABLE_MULTI_REGION', a)).toEqual(['NON_COMPLIANT', 'COMPLIANT']);
  });

  test('an account without GuardDuty is fixed', async () => {
    const guardDuty = story.client(GuardDutyClient, a);
    const { DetectorIds: [DetectorId] = [] } = await guardDuty.send(new ListDetectorsCommand({}));
    const { Status } = await guardDuty.send(new GetDetectorCommand({ DetectorId }));
    expect(Status).toBe('ENABLED');
    expect(reported('GUARDDUTY_ENABLE_CENTRALIZED', a)).toEqual(['NON_COMPLIANT', 'COMPLIANT']);
  });
});

describe('accounts are separate', () => {
  test('a bucket in mode observe is judged and never changed', async () => {
    await createBucket(story, b, 'observed');
    await story.whenIdle();
    expect(complianceOf(VERSIONING, b, 'observed')).toBe('NON_COMPLIANT');
    await expect(versioningOf(story, b, 'observed')).resolves.toBeUndefined();
    expect(await story.plans({ accountId: b })).toEqual([]);
    expect(complianceOf(VERSIONING, a, 'observed')).toBeUndefined();
  });

  test('credentials of an account are used in it alone, and never to write where the mode is observe', () => {
    const roles = story.org.calls
      .latest()
      .filter(
        ({ principalArn, accountId }) =>
          /:assumed-role\/compliance-(evaluate|remediate)\//.test(principalArn) && accountId !== '',
      )
      .map(({ principalArn, accountId }) => ({
        role: principalArn.split(/[:/]/)[6],
        of: principalArn.split(':')[4],
        in: accountId,
      }));
    expect(roles.filter((call) => call.of !== call.in)).toEqual([]);
    expect(new Set(roles.filter((call) => call.in === b).map(({ role }) => role))).toEqual(
      new Set(['compliance-evaluate']),
    );
  });
});

describe('an event', () => {
  const resource = (resourceId: string) => ({
    accountId: a,
    region: REGION,
    resourceType: BUCKET,
    resourceId,
  });

  test('an event without its oversized item makes the function read the item', async () => {
    await createBucket(story, a, 'large');
    await story.whenIdle();
    const lookups = () => story.org.calls.totals()['config:GetResourceConfigHistory'] ?? 0;
    const before = lookups();
    story.org.sendOversized(resource('large'));
    await story.whenIdle();
    expect(lookups() - before).toBe(1);
    expect(complianceOf(VERSIONING, a, 'large')).toBe('COMPLIANT');
    expect((await story.audited('resource-evaluated')).at(-1)).toMatchObject({ trigger: 'oversized' });
  });

  test('an event of a deleted bucket makes it NOT_APPLICABLE', async () => {
    await createBucket(story, a, 'short-lived');
    await story.whenIdle();
    await deleteBucket(story, a, 'short-lived');
    await story.whenIdle();
    expect(reported(VERSIONING, 'short-lived')).toEqual(['NON_COMPLIANT', 'COMPLIANT', 'NOT_APPLICABLE']);
  });

  test('an event of a bucket that left the scope makes it NOT_APPLICABLE', async () => {
    await createBucket(story, a, 'elsewhere');
    await story.whenIdle();
    story.org.sendLeftScope(resource('elsewhere'));
    await story.whenIdle();
    expect(complianceOf(VERSIONING, a, 'elsewhere')).toBe('NOT_APPLICABLE');
  });

  test('an event that is delivered twice changes nothing the second time', async () => {
    await createBucket(story, a, 'twice');
    await story.whenIdle();
    const fixes = async () =>
      (await story.audited('remediation-finished')).filter(
        ({ resource: one }) => one?.resourceId === 'twice',
      );
    expect(await fixes()).toHaveLength(1);
    const delivered = story.org
      .invocations()
      .filter(
        ({ invocationType, event }) => invocationType === 'Event' && JSON.stringify(event).includes('twice'),
      );
    expect(delivered).toHaveLength(2);
    // The first event carries its old item: AWS Config keeps the verdict of the newer one.
    for (const { functionArn, event } of [...delivered, ...delivered]) story.org.sendRaw(functionArn, event);
    await story.whenIdle();
    expect(complianceOf(VERSIONING, a, 'twice')).toBe('COMPLIANT');
    expect(await fixes()).toHaveLength(1);
    expect(story.org.failures()).toEqual([]);
  });

  test('two automations at once fix a bucket, and neither fails', async () => {
    await createBucket(story, a, 'raced');
    await story.whenIdle();
    await suspendVersions(story, a, 'raced');
    const target = { accountId: a, command: VERSIONING, resourceType: BUCKET, resourceId: 'raced' };
    const started = await Promise.all([startAutomation(story, target), startAutomation(story, target)]);
    await story.whenIdle();
    // The second waits for the first; its document defers it when the first outlasts all tries.
    for (const id of started)
      expect(answerOf(story, a, id)?.status ?? 'deferred').toMatch(/^(fixed|skipped|deferred)$/);
    await expect(versioningOf(story, a, 'raced')).resolves.toBe('Enabled');
    expect(complianceOf(VERSIONING, a, 'raced')).toBe('COMPLIANT');
  });
});

describe('a sweep', () => {
  const sweep = async () => {
    const before = story.events('VerdictStored').length;
    story.org.sendScheduled();
    await story.whenIdle();
    return story.events('VerdictStored').slice(before);
  };

  test('a sweep sends AWS Config nothing when nothing changed', async () => {
    await sweep();
    expect(await sweep()).toEqual([]);
  });

  test('a sweep makes a bucket that was deleted without an event NOT_APPLICABLE, and sends nothing else', async () => {
    await createBucket(story, b, 'vanishing');
    await story.whenIdle();
    const pass = story.injectFault(({ operation, accountId }) =>
      operation === 'PutEvaluations' && accountId === b ? 'deny' : undefined,
    );
    await deleteBucket(story, b, 'vanishing');
    await story.whenIdle();
    pass();
    expect(complianceOf(VERSIONING, b, 'vanishing')).toBe('NON_COMPLIANT');
    expect(await sweep()).toMatchObject([
      { resourceId: 'vanishing', complianceType: 'NOT_APPLICABLE', annotation: 'The resource is gone.' },
    ]);
  });
});
