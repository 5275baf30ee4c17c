import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  DescribeRemediationExecutionStatusCommand,
  GetComplianceDetailsByConfigRuleCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
  PutConfigRuleCommand,
  PutOrganizationConformancePackCommand,
  PutRemediationExceptionsCommand,
  StartConfigRulesEvaluationCommand,
  StartRemediationExecutionCommand,
} from '@aws-sdk/client-config-service';
import { IAMClient, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateAccountCommand,
  OrganizationsClient,
  RemoveAccountFromOrganizationCommand,
} from '@aws-sdk/client-organizations';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { type LocalOrg, type OrgEvent, startLocalOrg } from '../src/index.ts';
import { startRecorder } from '../src/org/start-recorder.ts';
import { allowConfig, allow, bundle, deploy, trust } from './story/deploy.ts';
import { allowOrganization, forwardChanges, loggedChanges, allowLogDelivery } from './story/forward.ts';

const region = 'eu-west-1';
let org: LocalOrg;
let alpha: string;
let functionArn: string;
let now = new Date('2026-11-25T12:00:00Z');
let seen: OrgEvent[] = [];

beforeAll(async () => {
  org = await startLocalOrg({
    homeRegion: region,
    members: [{ name: 'alpha' }, { name: 'beta' }],
    clock: () => now,
  });
  alpha = org.organization.members[0]?.id ?? '';
  const [evaluate, remediate] = await Promise.all([bundle('evaluate'), bundle('remediate')]);
  functionArn = (await deploy(org, { evaluate, remediate })).evaluateArn;
  await org.whenIdle();
  org.on((event) => seen.push(event));
});
afterAll(async () => {
  await org.stop();
});
afterEach(() => {
  org.faults(() => undefined);
  org.failEvaluations(() => false);
  seen = [];
});

const config = (accountId = alpha) => org.client(ConfigServiceClient, accountId);
const s3 = () => org.client(S3Client, alpha);
const ruleName = () => org.rules({ accountId: alpha })[0]?.name ?? '';
const create = async (Bucket: string): Promise<void> => {
  await s3().send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
  );
};
const created = async (bucket: string): Promise<void> => {
  await create(bucket);
  await org.whenIdle();
};
const verdict = (bucket: string): string | undefined =>
  org.verdicts({ ruleName: 'bucket-versioning' }).find(({ resourceId }) => resourceId === bucket)
    ?.complianceType;
const resource = (resourceId: string) => ({
  accountId: alpha,
  region,
  resourceType: 'AWS::S3::Bucket',
  resourceId,
});
const suspend = async (Bucket: string): Promise<void> => {
  await s3().send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
  );
};
/** Makes every automation fail: SSM may not invoke the function. */
const breakRemediation = (): void => {
  org.faults(({ service, principal }) =>
    service === 'lambda' && principal.type === 'role' ? 'deny' : undefined,
  );
};

describe('the loop', () => {
  test('a bucket without versioning is detected, fixed and then COMPLIANT', async () => {
    await created('loop');
    expect(seen.filter(({ type }) => type === 'VerdictStored')).toMatchObject([
      { complianceType: 'NON_COMPLIANT' },
      { complianceType: 'COMPLIANT', previous: 'NON_COMPLIANT' },
    ]);
    expect(seen.filter(({ type }) => type === 'AutomationEnded')).toMatchObject([{ status: 'Success' }]);
    const { Status: status } = await s3().send(new GetBucketVersioningCommand({ Bucket: 'loop' }));
    expect(status).toBe('Enabled');
    expect(org.failures()).toEqual([]);
  });
  test('drift is detected and fixed again', async () => {
    await created('drift');
    await suspend('drift');
    await org.whenIdle();
    expect(verdict('drift')).toBe('COMPLIANT');
    expect(seen.filter(({ type }) => type === 'AutomationEnded')).toHaveLength(2);
  });
  test('a deleted bucket is NOT_APPLICABLE', async () => {
    await created('deleted');
    await s3().send(new DeleteBucketCommand({ Bucket: 'deleted' }));
    await org.whenIdle();
    expect(verdict('deleted')).toBe('NOT_APPLICABLE');
  });
  test('GetComplianceDetailsByConfigRule returns the verdict', async () => {
    await created('reported');
    const { EvaluationResults: results = [] } = await config().send(
      new GetComplianceDetailsByConfigRuleCommand({
        ConfigRuleName: ruleName(),
        ComplianceTypes: ['COMPLIANT'],
        Limit: 100,
      }),
    );
    const ids = results.map(
      ({ EvaluationResultIdentifier: id }) => id?.EvaluationResultQualifier?.ResourceId,
    );
    expect(ids).toContain('reported');
    expect(ids).not.toContain('deleted');
  });
});

describe('events on demand', () => {
  test('a function reads the item after an oversized notification', async () => {
    await created('large');
    org.sendOversized(resource('large'));
    await org.whenIdle();
    expect(org.invocations().at(-1)?.event).toMatchObject({ configRuleName: ruleName(), accountId: alpha });
    expect(verdict('large')).toBe('COMPLIANT');
    expect(org.calls.latest().at(-2)).toMatchObject({
      operation: 'GetResourceConfigHistory',
      accountId: alpha,
      status: 200,
    });
  });
  test('a resource that left the scope is NOT_APPLICABLE', async () => {
    await created('left');
    org.sendLeftScope(resource('left'));
    await org.whenIdle();
    expect(verdict('left')).toBe('NOT_APPLICABLE');
  });
  test('a deletion notification for an existing resource makes it NOT_APPLICABLE', async () => {
    await created('rumour');
    now = new Date(now.getTime() + 1000);
    org.sendDeleted(resource('rumour'));
    await org.whenIdle();
    expect(verdict('rumour')).toBe('NOT_APPLICABLE');
  });
  test('sendOversized fails for a resource that was never recorded', () => {
    expect(() => org.sendOversized(resource('nowhere'))).toThrow('never recorded');
  });
  test('sendRaw invokes the function with the event unchanged', async () => {
    org.sendRaw(functionArn, { invokingEvent: 'no JSON', accountId: alpha });
    await org.whenIdle();
    expect(org.failures().at(-1)).toMatchObject({
      functionArn,
      attempts: 3,
      event: { invokingEvent: 'no JSON' },
    });
  });
});

describe('refusals of AWS Config', () => {
  test('rules of a pack cannot be changed apart from the pack', async () => {
    await expect(config().send(new DeleteConfigRuleCommand({ ConfigRuleName: ruleName() }))).rejects.toThrow(
      'service-linked',
    );
    const exception = {
      ConfigRuleName: ruleName(),
      ResourceKeys: [{ ResourceType: 'AWS::S3::Bucket', ResourceId: 'x' }],
    };
    await expect(config().send(new PutRemediationExceptionsCommand(exception))).rejects.toThrow(
      'service-linked',
    );
  });
  test('a rule is refused if its function does not allow the account', async () => {
    const rule = {
      ConfigRuleName: 'stranger',
      Source: {
        Owner: 'CUSTOM_LAMBDA' as const,
        SourceIdentifier: functionArn.replace(':evaluate', ':remediate'),
      },
    };
    await expect(config().send(new PutConfigRuleCommand({ ConfigRule: rule }))).rejects.toMatchObject({
      name: 'InsufficientPermissionsException',
    });
  });
  test('an organization pack is refused in a member account', async () => {
    const pack = { OrganizationConformancePackName: 'mine', TemplateBody: 'Resources: {}' };
    await expect(config().send(new PutOrganizationConformancePackCommand(pack))).rejects.toMatchObject({
      name: 'OrganizationAccessDeniedException',
    });
  });
  test('a second StartConfigRulesEvaluation within a minute is refused', async () => {
    const again = new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [ruleName()] });
    await config().send(again);
    await org.whenIdle();
    await expect(config().send(again)).rejects.toMatchObject({ name: 'LimitExceededException' });
    now = new Date(now.getTime() + 61_000);
    await expect(config().send(again)).resolves.toBeDefined();
    await org.whenIdle();
  });
});

test('the organization pack is deployed to every member, not to the excluded master', async () => {
  const { OrganizationConformancePackDetailedStatuses: statuses = [] } = await config(
    org.organization.master.id,
  ).send(
    new GetOrganizationConformancePackDetailedStatusCommand({ OrganizationConformancePackName: 'story' }),
  );
  expect(statuses.map(({ AccountId: id, Status: status }) => [id, status])).toEqual(
    org.organization.members.map(({ id }) => [id, 'CREATE_SUCCESSFUL']),
  );
  expect(ruleName()).toMatch(/^bucket-versioning-conformance-pack-[a-z0-9]{9}$/);
});

describe('a failed remediation', () => {
  test('a remediation stops after the allowed attempts, with an exception', async () => {
    breakRemediation();
    await created('hopeless');
    expect(org.remediationExceptions()).toEqual([]);
    org.remediateAgain({ accountId: alpha });
    await org.whenIdle();
    expect(org.remediationExceptions()).toMatchObject([{ resourceId: 'hopeless', accountId: alpha }]);
    seen = [];
    org.remediateAgain({ accountId: alpha });
    await org.whenIdle();
    expect(seen).toEqual([]);
  });
  test('the status of a failed remediation has its reason, and it can be started manually', async () => {
    const ResourceKeys = [{ resourceType: 'AWS::S3::Bucket' as const, resourceId: 'hopeless' }];
    const status = async () => {
      const request = new DescribeRemediationExecutionStatusCommand({
        ConfigRuleName: ruleName(),
        ResourceKeys,
      });
      return (await config().send(request)).RemediationExecutionStatuses?.[0];
    };
    await expect(status()).resolves.toMatchObject({
      State: 'FAILED',
      StepDetails: [{ ErrorMessage: expect.stringContaining('not authorized') }],
    });
    await config().send(new StartRemediationExecutionCommand({ ConfigRuleName: ruleName(), ResourceKeys }));
    await org.whenIdle();
    await expect(status()).resolves.toMatchObject({ State: 'SUCCEEDED' });
    expect(verdict('hopeless')).toBe('COMPLIANT');
  });
  test('a remediation whose function is killed between two steps fails, and succeeds later', async () => {
    org.killBefore({ functionName: 'remediate', before: 's3:PutBucketVersioning' });
    await created('killed');
    expect(verdict('killed')).toBe('NON_COMPLIANT');
    expect(org.automations({ accountId: alpha, region }).at(-1)?.failure).toContain(
      'Runtime exited with error: signal: SIGKILL',
    );
    org.remediateAgain({ accountId: alpha });
    await org.whenIdle();
    expect(verdict('killed')).toBe('COMPLIANT');
  });
});

describe('a changed verdict', () => {
  const undelivered = () => seen.flatMap((event) => (event.type === 'EventNotDelivered' ? event.reason : []));
  const changesOf = async (bucket: string) =>
    (await loggedChanges(org)).filter((line) => JSON.stringify(line).includes(`"resourceId":"${bucket}"`));

  test('a changed verdict causes no calls in an account without event rules', async () => {
    const before = org.calls.totals();
    await created('unheard');
    expect(org.calls.totals()['events:ListRules']).toBe(before['events:ListRules']);
    expect(undelivered()).toEqual([]);
  });
  test('a changed verdict is delivered to the bus of another account and into its log', async () => {
    await forwardChanges(org, alpha, 'bucket-versioning-conformance-pack-');
    await created('heard');
    expect(undelivered()).toEqual([]);
    const result = (complianceType: string): unknown => expect.objectContaining({ complianceType });
    const envelope = {
      source: 'aws.config',
      'detail-type': 'Config Rules Compliance Change',
      account: alpha,
      region,
    };
    const detail = {
      awsAccountId: alpha,
      awsRegion: region,
      configRuleName: ruleName(),
      messageType: 'ComplianceChangeNotification',
      resourceId: 'heard',
      resourceType: 'AWS::S3::Bucket',
    };
    expect(await changesOf('heard')).toMatchObject([
      { ...envelope, detail: { ...detail, newEvaluationResult: result('NON_COMPLIANT') } },
      {
        ...envelope,
        detail: {
          ...detail,
          newEvaluationResult: result('COMPLIANT'),
          oldEvaluationResult: result('NON_COMPLIANT'),
        },
      },
    ]);
  });
  test('the same verdict again is not delivered again', async () => {
    now = new Date(now.getTime() + 1000);
    org.sendOversized(resource('heard'));
    await org.whenIdle();
    expect(seen.some(({ type }) => type === 'VerdictStored')).toBe(true);
    expect(await changesOf('heard')).toHaveLength(2);
  });
  test('a changed verdict is not delivered if a policy on its way denies it', async () => {
    const iam = org.client(IAMClient, alpha);
    const trustService = (service: string) =>
      iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'forward',
          PolicyDocument: trust({ Service: service }),
        }),
      );
    const allowPutEvents = (bus: string) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: 'forward',
          PolicyName: 'forward',
          PolicyDocument: allow('events:PutEvents', `arn:aws:events:*:*:event-bus/${bus}`),
        }),
      );
    const undeliveredOf = async (bucket: string) => {
      seen = [];
      await created(bucket);
      return undelivered();
    };
    // One for each change: NON_COMPLIANT, then COMPLIANT.
    const both = (text: string): readonly unknown[] => [
      expect.stringContaining(text),
      expect.stringContaining(text),
    ];
    await trustService('scheduler.amazonaws.com');
    expect(await undeliveredOf('untrusted')).toEqual(both('sts:AssumeRole'));
    await trustService('events.amazonaws.com');
    await allowPutEvents('another');
    expect(await undeliveredOf('not-allowed')).toEqual(both('no identity-based policy'));
    await allowPutEvents('changes');
    await allowOrganization(org, 'o-another');
    expect(await undeliveredOf('not-admitted')).toEqual(both('no resource-based policy'));
    await allowOrganization(org, org.organization.id);
    await allowLogDelivery(org, 'logs:GetLogEvents');
    expect(await undeliveredOf('not-logged')).toEqual(both('logs:PutLogEvents'));
    await allowLogDelivery(org, 'logs:PutLogEvents');
    expect(await undeliveredOf('logged')).toEqual([]);
    expect(await changesOf('logged')).toHaveLength(2);
  });
});

test('AWS Config deploys the pack into a new account as soon as its recorder runs', async () => {
  const { master } = org.organization;
  const organizations = org.client(OrganizationsClient, master.id);
  const { CreateAccountStatus } = await organizations.send(
    new CreateAccountCommand({ AccountName: 'gamma', Email: 'gamma@example.com' }),
  );
  const gamma = CreateAccountStatus?.AccountId ?? '';
  const status = async () => {
    await org.whenIdle();
    const { OrganizationConformancePackDetailedStatuses: found = [] } = await config(master.id).send(
      new GetOrganizationConformancePackDetailedStatusCommand({ OrganizationConformancePackName: 'story' }),
    );
    return found.find(({ AccountId }) => AccountId === gamma)?.Status;
  };
  expect(await status()).toBe('CREATE_FAILED');
  await allowConfig(org, gamma);
  await startRecorder(org.client, { accountId: gamma, region }, true);
  expect(await status()).toBe('CREATE_SUCCESSFUL');
  expect(org.rules({ accountId: gamma })).toHaveLength(1);
  await organizations.send(new RemoveAccountFromOrganizationCommand({ AccountId: gamma }));
  expect(await status()).toBeUndefined();
  expect(org.rules({ accountId: gamma })).toEqual([]);
});
