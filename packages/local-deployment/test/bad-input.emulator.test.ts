import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { MEMBER_ROLES, configRuleName, type AccountId } from '@compliance/core';
import { settingsBucket } from '@compliance/infra';
import { SETTINGS_KEY } from '@compliance/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { restartFunctions } from '../src/restart-functions.ts';
import { automate } from './automate.ts';
import { BUCKET, VERSIONING, createBucket, deleteBucket, versioningOf } from './buckets.ts';
import { during } from './during.ts';
import { requestAsOperator, createPerson } from './operator.ts';
import { firstEventOf } from './rule-events.ts';
import { OPEN_PORTS, createSecurityGroup, ingressOf } from './security-groups.ts';
import { startStory, type Story } from './story.ts';

const MIN_LENGTH = 'IAM_SET_PASSWORD_MIN_LENGTH';
const FOREIGN = '555566667777';

const settings = {
  limits: { maxSharePerHour: 1 },
  defaults: { mode: 'observe' },
  rules: {
    [VERSIONING]: { mode: 'auto' },
    [OPEN_PORTS]: { mode: 'auto', allowDisruptive: true },
    [MIN_LENGTH]: { groups: { 'team-c': { parameters: { minimumPasswordLength: 20 } } } },
  },
};

let story: Story;
let a: AccountId;
let b: AccountId;
let c: AccountId;

beforeAll(async () => {
  story = await startStory({ members: ['team-a', 'team-b', 'team-c'], settings });
  [a, b, c] = [story.account('team-a'), story.account('team-b'), story.account('team-c')];
  await createBucket(story, a, 'sample');
  await story.whenIdle();
});
afterAll(() => story.stop());

const versioning = (accountId: string, id: string) =>
  story.verdict(VERSIONING, accountId, id)?.complianceType;

describe('an event that AWS Config cannot have sent', () => {
  const parameters = (text: string) => ({ event: { ruleParameters: text } });

  test.for([
    ['an event whose parameters are not JSON', parameters('{'), 'malformed-event', 'is not JSON'],
    ['an event without a ComplianceCommand', parameters('{}'), 'malformed-event', 'ComplianceCommand'],
    [
      'an event with an unknown ComplianceCommand',
      parameters('{"ComplianceCommand":"S3_ENABLE_MAGIC"}'),
      'unknown-command',
      'S3_ENABLE_MAGIC',
    ],
    [
      'an event whose invoking event is not JSON',
      { event: { invokingEvent: '<xml/>' } },
      'malformed-event',
      'invokingEvent',
    ],
    [
      'an event with an item of another account',
      { configurationItem: { awsAccountId: FOREIGN } },
      'inconsistent-account',
      FOREIGN,
    ],
    [
      'an event of another account than the rule’s',
      { event: { accountId: FOREIGN } },
      'inconsistent-account',
      FOREIGN,
    ],
    [
      'an event without an item',
      { invokingEvent: { configurationItem: null } },
      'malformed-item',
      'configuration item',
    ],
  ] as const)('%s is one audit event, and no role is assumed', async ([, changes, code, text]) => {
    const send = firstEventOf(story, 'sample');
    const { audited, verdicts, assumed } = await during(story, () => send(changes));
    expect(audited).toMatchObject([
      {
        type: 'evaluation-failed',
        error: { kind: 'permanent', code, message: expect.stringContaining(text) as string },
      },
    ]);
    expect(verdicts).toEqual([]);
    expect(assumed).toBe(0);
  });

  test('an event of an account that the settings do not list is one audit event, and no role is assumed', async () => {
    const send = firstEventOf(story, 'sample');
    const { audited, assumed } = await during(story, () =>
      send({
        event: {
          accountId: FOREIGN,
          configRuleArn: `arn:aws:config:eu-west-1:${FOREIGN}:config-rule/config-rule-x`,
        },
        configurationItem: { awsAccountId: FOREIGN },
      }),
    );
    expect(audited).toMatchObject([{ type: 'evaluation-failed', error: { code: 'foreign-account' } }]);
    expect(assumed).toBe(0);
  });
});

test('an item without a configuration makes the rule read the resource', async () => {
  await createBucket(story, a, 'hollow');
  await story.whenIdle();
  const send = firstEventOf(story, 'hollow');
  const { audited, verdicts } = await during(story, () =>
    send({
      configurationItem: {
        configuration: null,
        supplementaryConfiguration: null,
        configurationItemCaptureTime: new Date().toISOString(),
      },
    }),
  );
  expect(audited).toMatchObject([{ type: 'resource-evaluated', complianceType: 'COMPLIANT' }]);
  expect(verdicts).toMatchObject([{ resourceId: 'hollow', complianceType: 'COMPLIANT' }]);
});

describe('a payload of the document', () => {
  afterEach(() => story.updateSettings(settings));

  test('a remediation in an account that the settings do not list is refused before any role is assumed', async () => {
    // The caller of the document names the resource; SSM gives the account, and the settings list ours.
    const [member] = story.org.organization.members;
    const { audited, assumed } = await during(story, async () => {
      await story.updateSettings({
        ...settings,
        accounts: [{ id: b, name: 'team-b', groups: ['team-b', 'team-c'] }],
      });
      const answer = await automate(story, {
        accountId: member?.id ?? '',
        command: VERSIONING,
        resourceType: BUCKET,
        resourceId: 'sample',
      });
      expect(answer).toMatchObject({ status: 'refused', reason: expect.stringContaining('compliance.yaml') });
    });
    expect(audited).toMatchObject([{ type: 'remediation-finished', outcome: 'refused' }]);
    expect(assumed).toBe(0);
  });

  test('a remediation of another resource type than the rule’s is refused', async () => {
    const target = {
      accountId: a,
      command: VERSIONING,
      resourceType: 'AWS::IAM::User',
      resourceId: 'sample',
    };
    await expect(automate(story, target)).resolves.toMatchObject({
      status: 'refused',
      reason: `Wrong resource type: ${VERSIONING} judges AWS::S3::Bucket, not AWS::IAM::User.`,
    });
  });
});

describe('settings', () => {
  afterEach(() => story.updateSettings(settings));

  test('parameters of the wrong type stop one rule in one account, and no other', async () => {
    const before = [b, c].map((id) => story.verdict(MIN_LENGTH, id, id));
    await story.updateSettings({
      ...settings,
      rules: {
        ...settings.rules,
        [MIN_LENGTH]: {
          groups: { 'team-c': { mode: 'auto', parameters: { minimumPasswordLength: 'long' } } },
        },
      },
    });
    const { audited, verdicts } = await during(story, () =>
      story.org.sendScheduled({ ruleName: configRuleName(MIN_LENGTH) }),
    );
    expect(audited.filter(({ type }) => type === 'evaluation-failed')).toMatchObject([
      {
        command: MIN_LENGTH,
        accountId: c,
        error: {
          code: 'malformed-parameters',
          message: expect.stringContaining('minimumPasswordLength') as string,
        },
      },
    ]);
    expect(verdicts).toEqual([]);
    expect([b, c].map((id) => story.verdict(MIN_LENGTH, id, id))).toEqual(before);
    await expect(
      automate(story, { accountId: c, command: MIN_LENGTH, resourceType: 'AWS::::Account', resourceId: c }),
    ).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('minimumPasswordLength') as string,
    });
  });

  test('settings with a typo stop every verdict and fix, and Lambda keeps the failed event', async () => {
    const body = { organization: {}, acounts: [] };
    await story.client(S3Client, story.masterId).send(
      new PutObjectCommand({
        Bucket: settingsBucket(story.masterId),
        Key: SETTINGS_KEY,
        Body: JSON.stringify(body),
      }),
    );
    await restartFunctions(story.org);
    const failures = story.org.failures().length;
    const { audited, verdicts, assumed } = await during(story, () => createBucket(story, a, 'unsettled'));
    expect({ audited, verdicts, assumed }).toEqual({ audited: [], verdicts: [], assumed: 0 });
    expect(story.org.failures().slice(failures)).toMatchObject([
      { attempts: 3, error: expect.stringContaining('acounts') as string },
    ]);
    // The document retries, and then defers the remediation.
    await expect(
      automate(story, { accountId: a, command: VERSIONING, resourceType: BUCKET, resourceId: 'unsettled' }),
    ).resolves.toBeUndefined();
    await expect(versioningOf(story, a, 'unsettled')).resolves.toBeUndefined();
    await story.updateSettings(settings);
    // Not lost: the next sweep finds the bucket.
    story.org.sendScheduled({ accountId: a, ruleName: configRuleName(VERSIONING) });
    await story.whenIdle();
    expect(versioning(a, 'unsettled')).toBe('COMPLIANT');
  });
});

test('a member role that cannot be assumed is one audit event per event, and no verdict', async () => {
  const iam = story.client(IAMClient, b);
  const trustsEc2 = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'ec2.amazonaws.com' },
  };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trustsEc2] });
  for (const RoleName of Object.values(MEMBER_ROLES))
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  // Sessions of a warm function outlive the trust they began with.
  await restartFunctions(story.org);
  const { audited, verdicts } = await during(story, () => createBucket(story, b, 'out-of-reach'));
  expect(audited).toMatchObject([
    {
      type: 'evaluation-failed',
      accountId: b,
      error: { code: 'role-not-assumed', message: expect.stringContaining('compliance-evaluate') as string },
    },
  ]);
  expect(verdicts).toEqual([]);
  await expect(
    automate(story, { accountId: b, command: VERSIONING, resourceType: BUCKET, resourceId: 'out-of-reach' }),
  ).resolves.toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('compliance-remediate') as string,
  });
});

describe('evaluations that AWS Config does not take', () => {
  test('an evaluation that AWS Config refuses is sent again', async () => {
    let refused = 0;
    story.org.failEvaluations(
      ({ ComplianceResourceId }) => ComplianceResourceId === 'refused-twice' && ++refused <= 2,
    );
    await createBucket(story, a, 'refused-twice');
    await story.whenIdle();
    expect(refused).toBeGreaterThan(2);
    expect(versioning(a, 'refused-twice')).toBe('COMPLIANT');
  });

  test('an evaluation that AWS Config keeps refusing fails the invocation, and the next sweep sends the verdict', async () => {
    story.org.failEvaluations(({ ComplianceResourceId }) => ComplianceResourceId === 'refused');
    const failures = story.org.failures().length;
    await createBucket(story, a, 'refused');
    await story.whenIdle();
    expect(story.org.failures().slice(failures)).toMatchObject([
      { attempts: 3, error: expect.stringContaining('AWS Config refused 1 of 1 evaluations') as string },
    ]);
    expect(versioning(a, 'refused')).toBeUndefined();
    story.org.failEvaluations(() => false);
    story.org.sendScheduled({ accountId: a, ruleName: configRuleName(VERSIONING) });
    await story.whenIdle();
    expect(versioning(a, 'refused')).toBe('COMPLIANT');
  });
});

describe('a resource that vanishes', () => {
  /** Deletes the bucket during the call, which the SDK retries after it was throttled. */
  const vanishBefore = (operation: string, accountId: string, bucket: string) => {
    let gone: Promise<unknown> | undefined;
    let isGone = false;
    return story.injectFault((call) => {
      if (call.operation !== operation || call.principal.type !== 'role' || isGone) return undefined;
      if (!call.request.path.includes(bucket)) return undefined;
      gone ??= deleteBucket(story, accountId, bucket).then(() => (isGone = true));
      return 'throttle';
    });
  };

  test('a resource that is deleted between reading and fixing is a failed fix, and then NOT_APPLICABLE', async () => {
    const pass = vanishBefore('PutBucketVersioning', a, 'fading');
    const { audited } = await during(story, () => createBucket(story, a, 'fading'));
    pass();
    expect(audited.filter(({ type }) => type === 'remediation-finished')).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('NoSuchBucket') as string },
    ]);
    expect(versioning(a, 'fading')).toBe('NOT_APPLICABLE');
  });

  test('a resource that is deleted between listing and reading is NOT_APPLICABLE', async () => {
    await createBucket(story, c, 'listed');
    await story.whenIdle();
    const pass = vanishBefore('GetBucketVersioning', c, 'listed');
    const { audited, verdicts } = await during(story, () =>
      story.org.sendScheduled({ accountId: c, ruleName: configRuleName(VERSIONING) }),
    );
    pass();
    expect(audited.filter(({ type }) => type === 'evaluation-failed')).toEqual([]);
    expect(
      new Set(
        verdicts
          .filter(({ resourceId }) => resourceId === 'listed')
          .map(({ complianceType }) => complianceType),
      ),
    ).toEqual(new Set(['NOT_APPLICABLE']));
  });

  test('a remediation of a missing resource is skipped', async () => {
    const target = { accountId: a, command: VERSIONING, resourceType: BUCKET, resourceId: 'never-there' };
    await expect(automate(story, target)).resolves.toMatchObject({
      status: 'skipped',
      reason: 'The resource is gone.',
    });
  });
});

describe('a fix that fails half-way', () => {
  test('a fix that fails half-way reports what was done, stays so, and can be undone', async () => {
    let revoked = 0;
    const pass = story.injectFault(({ operation, principal }) =>
      operation === 'RevokeSecurityGroupIngress' && principal.type === 'role' && ++revoked > 1
        ? 'deny'
        : undefined,
    );
    let groupId = '';
    const { audited } = await during(story, async () => {
      groupId = await createSecurityGroup(story, a, 'half', ['22 0.0.0.0/0', '3389 0.0.0.0/0']);
    });
    pass();
    const [failed] = audited.filter((event) => event.type === 'remediation-finished');
    expect(failed).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^Step 2 failed, 1 done before it .*compliance undo change-/) as string,
      steps: [{ outcome: { type: 'done' } }, { outcome: { type: 'failed' } }],
    });
    await expect(ingressOf(story, a, groupId)).resolves.toHaveLength(1);

    const operator = await createPerson(story, story.masterId, 'operator');
    const undone = await requestAsOperator(story, 'undo', failed?.changeId ?? '', { by: operator });
    expect(undone.status).toBe('undone');
    await expect(ingressOf(story, a, groupId)).resolves.toEqual(['22 0.0.0.0/0', '3389 0.0.0.0/0']);
    expect(story.verdict(OPEN_PORTS, a, groupId)?.complianceType).toBe('NON_COMPLIANT');
  });
});

test('an account that throttles every call once is judged and fixed all the same', async () => {
  const isFirstTry = ({ headers }: { readonly headers: Readonly<Record<string, string>> }) =>
    headers['amz-sdk-request']?.includes('attempt=1;') === true;
  const failures = story.org.failures().length;
  const pass = story.injectFault(({ principal, accountId, service, request }) =>
    principal.type === 'role' && accountId === c && service !== 'lambda' && isFirstTry(request)
      ? 'throttle'
      : undefined,
  );
  await createBucket(story, c, 'busy');
  await story.whenIdle();
  pass();
  expect(versioning(c, 'busy')).toBe('COMPLIANT');
  await expect(versioningOf(story, c, 'busy')).resolves.toBe('Enabled');
  expect(story.org.failures()).toHaveLength(failures);
});
