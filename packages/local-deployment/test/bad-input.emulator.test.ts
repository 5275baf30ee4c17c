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
import { askOperator, createPerson } from './operator.ts';
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
}, 60_000);
afterAll(() => story.stop());

const versioning = (accountId: string, id: string) =>
  story.verdict(VERSIONING, accountId, id)?.complianceType;

describe('an event that cannot be what AWS Config sends is one audit event, and no role is assumed', () => {
  const parameters = (text: string) => ({ event: { ruleParameters: text } });

  test.for([
    ['parameters that are not JSON', parameters('{'), 'malformed-event', 'is not JSON'],
    ['no ComplianceCommand', parameters('{}'), 'malformed-event', 'ComplianceCommand'],
    [
      'an unknown one',
      parameters('{"ComplianceCommand":"S3_ENABLE_MAGIC"}'),
      'unknown-command',
      'S3_ENABLE_MAGIC',
    ],
    [
      'an invoking event that is not JSON',
      { event: { invokingEvent: '<xml/>' } },
      'malformed-event',
      'invokingEvent',
    ],
    [
      'an item of another account',
      { configurationItem: { awsAccountId: FOREIGN } },
      'inconsistent-account',
      FOREIGN,
    ],
    ['an account that is not the rule’s', { event: { accountId: FOREIGN } }, 'inconsistent-account', FOREIGN],
    ['no item', { invokingEvent: { configurationItem: null } }, 'malformed-item', 'configuration item'],
  ] as const)('%s', async ([, changes, code, says]) => {
    const send = firstEventOf(story, 'sample');
    const { audited, verdicts, assumed } = await during(story, () => send(changes));
    expect(audited).toMatchObject([
      {
        type: 'evaluation-failed',
        error: { kind: 'permanent', code, message: expect.stringContaining(says) as string },
      },
    ]);
    expect(verdicts).toEqual([]);
    expect(assumed).toBe(0);
  });

  test('an account that the settings do not list', async () => {
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

test('an item whose configuration is null has the resource itself asked', async () => {
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

  test('about an account that is not the organization’s is refused before any role is assumed', async () => {
    // Whoever may start the document names the resource; the account is SSM's, the settings say which are ours.
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

  test('with a resource of another type than the rule’s is refused', async () => {
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

  test('with parameters of the wrong type cost that rule its verdict in that account, and no other', async () => {
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

  test('with a typo are no settings: nothing is judged or fixed, and Lambda keeps the event that it gave up', async () => {
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
    // The document tries again by itself, and then leaves it for later.
    await expect(
      automate(story, { accountId: a, command: VERSIONING, resourceType: BUCKET, resourceId: 'unsettled' }),
    ).resolves.toBeUndefined();
    await expect(versioningOf(story, a, 'unsettled')).resolves.toBeUndefined();
    await story.updateSettings(settings);
    // Not lost: the sweep finds what the event had told.
    story.org.sendScheduled({ accountId: a, ruleName: configRuleName(VERSIONING) });
    await story.whenIdle();
    expect(versioning(a, 'unsettled')).toBe('COMPLIANT');
  });
});

test('a member role that cannot be assumed is one audit event an event, and no verdict', async () => {
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
  test('are sent again, they alone', async () => {
    let refused = 0;
    story.org.failEvaluations(
      ({ ComplianceResourceId }) => ComplianceResourceId === 'refused-twice' && ++refused <= 2,
    );
    await createBucket(story, a, 'refused-twice');
    await story.whenIdle();
    expect(refused).toBeGreaterThan(2);
    expect(versioning(a, 'refused-twice')).toBe('COMPLIANT');
  });

  test('and never will are told by the failed invocation; the sweep after it brings the verdict', async () => {
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
  /** Deletes the bucket while the call is under way: the SDK tries it again once AWS has less to do. */
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

  test('between looking at it and fixing it is told as a failed fix, and AWS Config shows it no more', async () => {
    const pass = vanishBefore('PutBucketVersioning', a, 'fading');
    const { audited } = await during(story, () => createBucket(story, a, 'fading'));
    pass();
    expect(audited.filter(({ type }) => type === 'remediation-finished')).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('NoSuchBucket') as string },
    ]);
    expect(versioning(a, 'fading')).toBe('NOT_APPLICABLE');
  });

  test('between being listed and being looked at leaves no verdict behind', async () => {
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

  test('before it is looked at is skipped', async () => {
    const target = { accountId: a, command: VERSIONING, resourceType: BUCKET, resourceId: 'never-there' };
    await expect(automate(story, target)).resolves.toMatchObject({
      status: 'skipped',
      reason: 'The resource is gone.',
    });
  });
});

describe('a fix that fails half-way', () => {
  test('tells what was done, stays so, and can be taken back', async () => {
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
    const undone = await askOperator(story, 'undo', failed?.changeId ?? '', { by: operator });
    expect(undone.status).toBe('undone');
    await expect(ingressOf(story, a, groupId)).resolves.toEqual(['22 0.0.0.0/0', '3389 0.0.0.0/0']);
    expect(story.verdict(OPEN_PORTS, a, groupId)?.complianceType).toBe('NON_COMPLIANT');
  });
});

test('an account that throttles every call once costs time and nothing else', async () => {
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
