import {
  ConfigServiceClient,
  DescribeRemediationExecutionStatusCommand,
  StartRemediationExecutionCommand,
} from '@aws-sdk/client-config-service';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  GetAutomationExecutionCommand,
  SSMClient,
  StartAutomationExecutionCommand,
} from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { configRuleName, type AccountId } from '@compliance/core';
import { DOCUMENT } from '@compliance/infra';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { answerOf } from './automate.ts';
import { BUCKET, VERSIONING, createBucket, versioningOf } from './buckets.ts';
import { REGION, startStory, type Story } from './story.ts';

const BUCKETS = ['by-hand', 'rated-1', 'rated-2', 'rated-3'];
/** With whole policies of the functions, which admit AWS Config and these automations by the organization. */
const withMode = (mode: string) => ({
  organization: { invokePermission: 'organization' },
  limits: { maxSharePerHour: 1 },
  defaults: { mode: 'observe' },
  rules: { [VERSIONING]: { groups: { 'team-a': { mode } } } },
});

let story: Story;
let a: AccountId;

beforeAll(async () => {
  // The pack has remediations; while the settings say observe, what AWS Config starts fixes nothing.
  story = await startStory({ settings: withMode('auto') });
  a = story.account('team-a');
  await story.updateSettings(withMode('observe'));
  for (const name of BUCKETS) await createBucket(story, a, name);
  await story.whenIdle();
  await story.updateSettings(withMode('auto'));
});
afterAll(() => story.stop());

/** A client of a role of the member that may do one thing. */
const personWho = async <C>(
  client: Parameters<typeof story.org.client<C>>[0],
  action: string,
): Promise<C> => {
  const iam = story.client(IAMClient, a);
  const RoleName = action.replace(':', '-');
  const policy = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: policy({ Principal: { AWS: a }, Action: 'sts:AssumeRole' }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: 'one-thing',
      PolicyDocument: policy({ Action: action, Resource: '*' }),
    }),
  );
  const { Credentials } = await story
    .client(STSClient, a)
    .send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${a}:role/${RoleName}`, RoleSessionName: 'jo' }));
  return new client({
    region: REGION,
    endpoint: story.org.endpointUrl,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
};

/** The executions that fixed one bucket, as the audit log names them. */
const executionsOf = async (bucket: string) =>
  (await story.audited('remediation-finished'))
    .filter(({ resource, outcome }) => resource?.resourceId === bucket && outcome === 'fixed')
    .map(({ executionId }) => executionId);

test('a person starts the remediation of one resource by hand, and the function proves it like any other', async () => {
  const ConfigRuleName = story
    .events('VerdictStored')
    .find(({ ruleName }) => ruleName.startsWith(configRuleName(VERSIONING)))?.ruleName;
  const ResourceKeys = [{ resourceType: BUCKET, resourceId: 'by-hand' } as const];
  const config = await personWho(ConfigServiceClient, 'config:StartRemediationExecution');
  await config.send(new StartRemediationExecutionCommand({ ConfigRuleName, ResourceKeys }));
  await story.whenIdle();

  await expect(versioningOf(story, a, 'by-hand')).resolves.toBe('Enabled');
  const { RemediationExecutionStatuses } = await story
    .client(ConfigServiceClient, a)
    .send(new DescribeRemediationExecutionStatusCommand({ ConfigRuleName, ResourceKeys }));
  expect(RemediationExecutionStatuses).toMatchObject([{ State: 'SUCCEEDED' }]);
  const execution = story.org.automations({ accountId: a, region: REGION }).at(-1);
  expect(execution?.parameters).toMatchObject({ ResourceId: ['by-hand'] });
  await expect(executionsOf('by-hand')).resolves.toEqual([execution?.id]);
});

test('an automation with rate control fixes each target in a child, whose id and parameters prove it', async () => {
  const targets = BUCKETS.filter((name) => name.startsWith('rated'));
  const ssm = await personWho(SSMClient, 'ssm:StartAutomationExecution');
  const { AutomationExecutionId: parentId = '' } = await ssm.send(
    new StartAutomationExecutionCommand({
      DocumentName: `arn:aws:ssm:${REGION}:${story.masterId}:document/${DOCUMENT}`,
      Parameters: { ComplianceCommand: [VERSIONING], ResourceType: [BUCKET] },
      TargetParameterName: 'ResourceId',
      Targets: [{ Key: 'ParameterValues', Values: targets }],
      MaxConcurrency: '1',
    }),
  );
  await story.whenIdle();

  const read = async (AutomationExecutionId: string | undefined) =>
    (await story.client(SSMClient, a).send(new GetAutomationExecutionCommand({ AutomationExecutionId })))
      .AutomationExecution;
  for (const bucket of targets) {
    await expect(versioningOf(story, a, bucket)).resolves.toBe('Enabled');
    const [childId = '', ...others] = await executionsOf(bucket);
    expect(others).toEqual([]);
    expect(childId).not.toBe(parentId);
    expect(answerOf(story, a, childId)).toEqual({ status: 'fixed' });
    await expect(read(childId)).resolves.toMatchObject({
      ParentAutomationExecutionId: parentId,
      Target: bucket,
      Parameters: { ResourceId: [bucket] },
    });
  }
  const parent = await read(parentId);
  expect(parent).toMatchObject({ AutomationExecutionStatus: 'Success', TargetParameterName: 'ResourceId' });
  expect(parent?.Parameters).not.toHaveProperty('ResourceId');
});
