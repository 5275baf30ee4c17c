import { AccountClient, PutAlternateContactCommand } from '@aws-sdk/client-account';
import { ConfigServiceClient, StartConfigRulesEvaluationCommand } from '@aws-sdk/client-config-service';
import { DeleteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteAccountPasswordPolicyCommand,
  GetAccountPasswordPolicyCommand,
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import {
  MEMBER_ROLES,
  configRuleName,
  hasCode,
  openJournal,
  readChange,
  type AccountId,
  type Exemption,
} from '@compliance/core';
import {
  EXECUTION_ROLES,
  FUNCTIONS,
  STATE_TABLE,
  STOP_PARAMETER,
  TOPIC,
  settingsBucket,
} from '@compliance/infra';
import { EXEMPTIONS_KEY } from '@compliance/runtime';
import * as z from 'zod';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { publishExemptions } from '../src/publish-settings.ts';
import { restartFunctions } from '../src/restart-functions.ts';
import { automate } from './automate.ts';
import { BUCKET, VERSIONING, createBucket, suspendVersions, tagBucket, versioningOf } from './buckets.ts';
import { during } from './during.ts';
import { requestAsOperator, createPerson, type Person } from './operator.ts';
import { runningClock, stoppedClock } from './stopped-clock.ts';
import { OPEN_PORTS, createSecurityGroup, ingressOf } from './security-groups.ts';
import { REGION, startStory, type Story } from './story.ts';

const MIN_LENGTH = 'IAM_SET_PASSWORD_MIN_LENGTH';
const PAYMENTS = 'payments@example.com';
const SECURITY = 'security@example.com';

/** A name of the landing zone. */
const THEIRS = 'awsconfigconforms-logs';

const nameContact = ({ client }: Pick<Story, 'client'>, accountId: string) =>
  client(AccountClient, accountId).send(
    new PutAlternateContactCommand({
      AlternateContactType: 'SECURITY',
      EmailAddress: SECURITY,
      Name: 'Security',
      Title: 'On call',
      PhoneNumber: '+1 555 0100',
    }),
  );

let story: Story;
let a: AccountId;
let b: AccountId;

beforeAll(async () => {
  story = await startStory({
    members: ['team-a', 'team-b'],
    settings: {
      limits: { maxSharePerHour: 1, fixesPerHour: { ruleAndAccount: 100 }, failuresPerHour: 100 },
      defaults: { mode: 'observe' },
      rules: {
        [VERSIONING]: { mode: 'auto' },
        [OPEN_PORTS]: { mode: 'auto', groups: { 'team-b': { allowDisruptive: true } } },
        [MIN_LENGTH]: { groups: { 'team-b': { mode: 'auto' } } },
      },
      // The second has no owner in the settings.
      accounts: [
        { id: '111122223333', name: 'team-a', groups: ['team-a'], owner: 'team-a@example.com' },
        { id: '222233334444', name: 'team-b', groups: ['team-b'] },
      ],
    },
    seed: async (org) => {
      const [accountId = '', ownerless = ''] = org.organization.members.map(({ id }) => id);
      await nameContact(org, ownerless);
      await createBucket(org, accountId, THEIRS);
      await createBucket(org, accountId, 'terraformed');
      await tagBucket(org, accountId, 'terraformed', { 'managed-by': 'terraform', owner: PAYMENTS });
    },
  });
  [a, b] = [story.account('team-a'), story.account('team-b')];
});
afterAll(() => story.stop());

const newBucket = async (bucket: string, accountId = a) => {
  await createBucket(story, accountId, bucket);
  await story.whenIdle();
};
const compliance = (bucket: string) => story.verdict(VERSIONING, a, bucket)?.complianceType;
const fix = (resourceId: string) =>
  automate(story, { accountId: a, command: VERSIONING, resourceType: BUCKET, resourceId });
const planOf = async (resourceId: string) =>
  (await story.plans()).find(({ plan }) => plan.resource.resourceId === resourceId);

describe('a fix is planned and left to a person', () => {
  test('a fix of a resource that code manages is planned, as a suggestion to its owner', async () => {
    expect(compliance('terraformed')).toBe('NON_COMPLIANT');
    await expect(versioningOf(story, a, 'terraformed')).resolves.toBeUndefined();
    const planned = (await story.audited('plan-created')).find(
      ({ resource }) => resource?.resourceId === 'terraformed',
    );
    expect(planned).toMatchObject({
      owner: PAYMENTS,
      withheld: expect.stringContaining('managed as code (tag managed-by=terraform)') as string,
      plan: {
        steps: [{ operation: 's3:PutBucketVersioning' }],
        inCode: { terraform: 'aws_s3_bucket_versioning: versioning_configuration { status = "Enabled" }' },
      },
    });
  });

  test('a fix of a resource of the landing zone is planned, and a sweep counts it as excluded', async () => {
    await expect(versioningOf(story, a, THEIRS)).resolves.toBeUndefined();
    expect((await planOf(THEIRS))?.withheld).toContain('its name matches awsconfigconforms*');
    expect(compliance(THEIRS)).toBe('NON_COMPLIANT');
    const [swept] = (await story.audited('sweep-completed')).filter(
      ({ command, accountId }) => command === VERSIONING && accountId === a,
    );
    expect(swept).toMatchObject({ counts: { nonCompliant: 2, excluded: 1, exempt: 0 } });
  });

  test('a fix of a security group that the landing zone named is planned, though AWS Config sends only its id', async () => {
    const theirs = await createSecurityGroup(story, b, 'AWSAccelerator-shared', ['22 0.0.0.0/0']);
    await story.whenIdle();
    expect((await planOf(theirs))?.withheld).toContain('its name matches AWSAccelerator*');
    await expect(ingressOf(story, b, theirs)).resolves.toEqual(['22 0.0.0.0/0']);
  });

  test('a disruptive fix that the settings do not allow is planned', async () => {
    const open = await createSecurityGroup(story, a, 'open', ['22 0.0.0.0/0']);
    await story.whenIdle();
    expect(await planOf(open)).toMatchObject({
      plan: { risk: 'disruptive' },
      withheld: expect.stringContaining('allowDisruptive') as string,
    });
    await expect(ingressOf(story, a, open)).resolves.toEqual(['22 0.0.0.0/0']);
  });

  test('a fix that something reverts again and again is planned', async () => {
    await newBucket('flapping');
    for (const _ of [2, 3]) {
      await suspendVersions(story, a, 'flapping');
      await story.whenIdle();
      await expect(versioningOf(story, a, 'flapping')).resolves.toBe('Enabled');
    }
    await suspendVersions(story, a, 'flapping');
    await story.whenIdle();
    await expect(versioningOf(story, a, 'flapping')).resolves.toBe('Suspended');
    expect(compliance('flapping')).toBe('NON_COMPLIANT');
    // The latest change other than our own fix, which CloudTrail records as well.
    const changedBy = { principal: `arn:aws:iam::${a}:root`, eventName: 'PutBucketVersioning' };
    const stopped = (await story.audited('remediation-finished')).filter(
      ({ resource, outcome }) => resource?.resourceId === 'flapping' && outcome === 'planned',
    );
    expect(stopped).toMatchObject([{ changedBy }]);
    expect((await planOf('flapping'))?.withheld).toContain(
      `fixed 3 times in 24 hours, and ${changedBy.principal} reverts the fix (PutBucketVersioning, `,
    );
  });
});

test('a subscriber gets the events of one owner, named by tag or as the account’s contact', async () => {
  const sqs = story.client(SQSClient, story.masterId);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'payments' }));
  await story.client(SNSClient, story.masterId).send(
    new SubscribeCommand({
      TopicArn: `arn:aws:sns:${REGION}:${story.masterId}:${TOPIC}`,
      Protocol: 'sqs',
      Endpoint: `arn:aws:sqs:${REGION}:${story.masterId}:payments`,
      Attributes: {
        FilterPolicy: JSON.stringify({ owner: [PAYMENTS, SECURITY] }),
        RawMessageDelivery: 'true',
      },
    }),
  );
  await newBucket('somebody-else');
  await fix('terraformed');
  await newBucket('of-the-contact', b);
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  const finished = { type: 'remediation-finished', command: VERSIONING };
  expect(Messages.map(({ Body = '' }) => JSON.parse(Body) as unknown)).toMatchObject([
    { ...finished, accountId: a, outcome: 'planned', owner: PAYMENTS },
    { ...finished, accountId: b, outcome: 'fixed', owner: SECURITY },
  ]);
  const [{ MessageAttributes } = {}] = Messages;
  expect(
    Object.fromEntries(
      Object.entries(MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
    ),
  ).toMatchObject({
    command: VERSIONING,
    accountId: a,
    owner: PAYMENTS,
    outcome: 'planned',
    severity: 'low',
  });
});

describe('an exemption', () => {
  const publish = async (exemptions: readonly Exemption[], clock = runningClock) => {
    await publishExemptions(story.org, exemptions);
    await restartFunctions(story.org, clock);
  };
  const sweep = () =>
    during(story, () => story.org.sendScheduled({ accountId: a, ruleName: configRuleName(VERSIONING) }));
  const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const exempt = (expires: string): Exemption => ({
    id: 'EX-1',
    resources: ['exempt-*'],
    commands: [VERSIONING],
    reason: 'Scratch data',
    owner: 'data',
    approver: 'security',
    ticket: 'SEC-1',
    expires,
  });
  afterEach(() => publish([]));

  test('an exempt finding is NOT_APPLICABLE until midnight (UTC), and NON_COMPLIANT after it', async () => {
    const midnight = Date.parse(dayIn(0));
    await publish([exempt(dayIn(0))], stoppedClock(new Date(midnight - 1)));
    await newBucket('exempt-scratch');
    expect(story.verdict(VERSIONING, a, 'exempt-scratch')).toMatchObject({
      complianceType: 'NOT_APPLICABLE',
      annotation: `Exempt by EX-1 until ${dayIn(0)}.`,
    });
    await expect(fix('exempt-scratch')).resolves.toMatchObject({ status: 'skipped' });
    await expect(versioningOf(story, a, 'exempt-scratch')).resolves.toBeUndefined();

    await restartFunctions(story.org, stoppedClock(new Date(midnight)));
    const { verdicts } = await sweep();
    expect(verdicts.filter(({ resourceId }) => resourceId === 'exempt-scratch')).toMatchObject([
      { complianceType: 'NON_COMPLIANT' },
      { complianceType: 'COMPLIANT' },
    ]);
  });

  test('exemptions by tag need one call for all resources of a listing without tags', async () => {
    const { resources: _, ...rest } = exempt(dayIn(30));
    await publish([{ ...rest, tags: { owner: PAYMENTS } }]);
    const asked = () =>
      story.org.calls
        .latest()
        .filter(
          ({ operation, principalArn }) =>
            operation === 'GetResources' && principalArn.includes(MEMBER_ROLES.evaluate),
        );
    const before = asked().length;
    const { verdicts } = await sweep();
    expect(verdicts.filter(({ complianceType }) => complianceType === 'NOT_APPLICABLE')).toMatchObject([
      { resourceId: 'terraformed', annotation: `Exempt by EX-1 until ${dayIn(30)}.` },
    ]);
    expect(asked()).toHaveLength(before + 1);
  });

  test.for([
    ['malformed', '{ "exemptions": [{}] }'],
    ['too large', '{ "exemptions": [] }'.padEnd(6_000_000)],
    ['not JSON', '{'],
    ['missing', undefined],
  ] as const)(
    'an exemptions file that is %s stops every fix, and verdicts go on and report it',
    async ([what, Body]) => {
      const at = { Bucket: settingsBucket(story.masterId), Key: EXEMPTIONS_KEY };
      await story
        .client(S3Client, story.masterId)
        .send(Body === undefined ? new DeleteObjectCommand(at) : new PutObjectCommand({ ...at, Body }));
      await restartFunctions(story.org);
      const bucket = `unread-${what.replace(' ', '-').toLowerCase()}`;
      const { audited } = await during(story, () => createBucket(story, a, bucket));
      expect(compliance(bucket)).toBe('NON_COMPLIANT');
      await expect(versioningOf(story, a, bucket)).resolves.toBeUndefined();
      expect(audited.filter(({ type }) => type === 'evaluation-failed')).toMatchObject([
        { trigger: 'change: exemptions' },
      ]);
      expect(audited.filter(({ type }) => type === 'remediation-finished')).toMatchObject([
        { outcome: 'refused' },
      ]);
    },
  );
});

describe('stopped fixes', () => {
  const turn = (Value: string) =>
    story
      .client(SSMClient, story.masterId)
      .send(new PutParameterCommand({ Name: STOP_PARAMETER, Value, Type: 'String', Overwrite: true }));
  /** The state while fixes are stopped, and after one once they are possible again. */
  const fixedLater = async (bucket: string) => {
    const found = [compliance(bucket), await versioningOf(story, a, bucket)];
    await turn('off');
    await fix(bucket);
    return [...found, await versioningOf(story, a, bucket), compliance(bucket)];
  };
  const AS_IT_SHOULD = ['NON_COMPLIANT', undefined, 'Enabled', 'COMPLIANT'];

  test('nothing is fixed while the stop switch is on', async () => {
    await turn('on');
    await newBucket('stopped');
    await expect(fix('stopped')).resolves.toMatchObject({
      status: 'skipped',
      reason: 'The stop switch of the organization is on.',
    });
    await expect(fixedLater('stopped')).resolves.toEqual(AS_IT_SHOULD);
  });

  test('a fix is undone while the stop switch is on', async () => {
    await newBucket('regretted');
    const { changeId = '' } =
      (await story.audited('remediation-finished')).find(
        ({ resource }) => resource?.resourceId === 'regretted',
      ) ?? {};
    await turn('on');
    const alice = await createPerson(story, story.masterId, 'alice');
    await expect(requestAsOperator(story, 'undo', changeId, { by: alice })).resolves.toMatchObject({
      status: 'undone',
    });
    expect([compliance('regretted'), await versioningOf(story, a, 'regretted')]).toEqual([
      'NON_COMPLIANT',
      'Suspended',
    ]);
    await turn('off');
    await expect(fix('regretted')).resolves.toMatchObject({
      status: 'planned',
      reason: expect.stringContaining(`/alice undid ${changeId}`) as string,
    });
  });

  test('nothing is fixed while the stop switch is missing', async () => {
    await story.client(SSMClient, story.masterId).send(new DeleteParameterCommand({ Name: STOP_PARAMETER }));
    await newBucket('switchless');
    await expect(fixedLater('switchless')).resolves.toEqual(AS_IT_SHOULD);
  });

  test('a fix is deferred while the stop switch cannot be read, and uses up no attempt of AWS Config', async () => {
    const pass = story.injectFault(({ service, operation, principal }) =>
      service === 'ssm' && operation === 'GetParameter' && principal.type === 'role' ? 'deny' : undefined,
    );
    await newBucket('unreadable-switch');
    await expect(fix('unreadable-switch')).resolves.toBeUndefined();
    pass();
    expect(story.org.remediationExceptions()).toEqual([]);
    await expect(fixedLater('unreadable-switch')).resolves.toEqual(AS_IT_SHOULD);
  });

  test('nothing is fixed while the state table is unreachable, and verdicts go on', async () => {
    const pass = story.injectFault(({ service, principal }) =>
      service === 'dynamodb' && principal.type === 'role' ? 'deny' : undefined,
    );
    const { audited } = await during(story, () => createBucket(story, a, 'stateless'));
    pass();
    expect(audited.filter(({ type }) => type === 'remediation-finished')).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining('dynamodb') as string },
    ]);
    await expect(fixedLater('stateless')).resolves.toEqual(AS_IT_SHOULD);
  });
});

describe('a function that is killed', () => {
  // Ends the killed run for its successor, as five minutes would.
  let stopEnding = () => {};
  beforeAll(() => {
    stopEnding = story.org.on((event) => {
      if (event.type === 'FunctionEnded' && event.error !== undefined) void endRuns();
    });
  });
  afterAll(() => stopEnding());

  const kill = (before: `${string}:${string}`, nth = 1) =>
    story.org.killBefore({ functionName: FUNCTIONS.remediation, before, nth });

  /** The journals that were opened meanwhile, in their order. */
  const journalsOf = async (act: () => unknown) => {
    const begun = new Set<string>();
    const stop = story.injectFault(({ service, operation, input }) => {
      const row =
        service === 'dynamodb' && operation === 'PutItem' ? ChangeRow.safeParse(input['Item']) : undefined;
      if (row?.success) begun.add(row.data.pk.S.replace('change#', ''));
      return undefined;
    });
    await act();
    await story.whenIdle();
    stop();
    const journals = await Promise.all([...begun].map((id) => readChange(story.table, id)));
    return journals.map((journal) => ({
      status: journal?.journal.header.status,
      outcomes: journal?.entries.map(({ outcome }) => outcome?.type),
    }));
  };

  test('a function that is killed between two steps is reported as failed, and the next try finishes the fix', async () => {
    kill('ec2:RevokeSecurityGroupIngress', 2);
    let groupId = '';
    const journals = await journalsOf(async () => {
      groupId = await createSecurityGroup(story, b, 'killed', [
        '22 0.0.0.0/0',
        '3389 0.0.0.0/0',
        '443 0.0.0.0/0',
      ]);
    });
    expect(journals).toEqual([
      { status: 'failed', outcomes: ['done', undefined] },
      { status: 'applied', outcomes: ['done'] },
    ]);
    const finished = (await story.audited('remediation-finished')).filter(
      ({ resource }) => resource?.resourceId === groupId,
    );
    expect(finished).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('interrupted at step 2') as string },
      { outcome: 'fixed' },
    ]);
    await expect(ingressOf(story, b, groupId)).resolves.toEqual(['443 0.0.0.0/0']);
    expect(story.verdict(OPEN_PORTS, b, groupId)?.complianceType).toBe('COMPLIANT');
  });

  test('a function that is killed before its only step is followed by one that finishes the fix', async () => {
    kill('s3:PutBucketVersioning');
    const journals = await journalsOf(() => createBucket(story, a, 'killed'));
    expect(journals).toMatchObject([{ outcomes: [undefined] }, { status: 'applied', outcomes: ['done'] }]);
    expect(compliance('killed')).toBe('COMPLIANT');
  });

  test('a change that nothing retries is finished after the next sweep, by the function that writes journals', async () => {
    await newBucket('left-open');
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    const journal = await openJournal(story.table, {
      changeId: 'change-0123456789abcdef',
      planId: 'plan-0123456789abcdef',
      command: VERSIONING,
      accountId: a,
      region: REGION,
      partition: 'aws',
      resource: { resourceType: BUCKET, resourceId: 'left-open' },
      description: 'Turn versioning on for left-open',
      executionId: 'lost',
      startedAt: hourAgo,
      endsAt: hourAgo,
      factsBefore: { status: 'Off' },
      status: 'applying',
    });
    const input = { Bucket: 'left-open' };
    await journal.recordIntent(0, { type: 'call', operation: 's3:PutBucketVersioning', input });
    await during(story, () =>
      story.org.sendScheduled({ accountId: a, ruleName: configRuleName(VERSIONING) }),
    );
    const change = await readChange(story.table, journal.header.changeId);
    expect(change?.journal.header.status).toBe('applied');
    const finished = await story.audited('remediation-finished');
    expect(finished.filter(({ changeId }) => changeId === journal.header.changeId)).toMatchObject([
      { outcome: 'fixed', reason: expect.stringContaining('the run was interrupted') as string },
    ]);
    const writers = story.org.calls
      .latest()
      .filter(({ operation }) => operation === 'Invoke')
      .map(({ principalArn }) => principalArn);
    expect(writers.some((arn) => arn.includes(EXECUTION_ROLES.rule))).toBe(true);
  });

  test('a function that is killed while it holds a document blocks others until its lease ends', async () => {
    const iam = story.client(IAMClient, b);
    await iam.send(new DeleteAccountPasswordPolicyCommand({}));
    kill('iam:UpdateAccountPasswordPolicy');
    // Ends the lease, as sixteen minutes would.
    const ignore = story.org.on((event) => {
      if (event.type === 'FunctionEnded' && event.error !== undefined) void endLease(b);
    });
    await expect(
      automate(story, { accountId: b, command: MIN_LENGTH, resourceType: 'AWS::::Account', resourceId: b }),
    ).resolves.toMatchObject({ status: 'fixed' });
    ignore();
    const { PasswordPolicy } = await iam.send(new GetAccountPasswordPolicyCommand({}));
    expect(PasswordPolicy).toMatchObject({ MinimumPasswordLength: 14 });
  });
});

test('a re-evaluation that AWS Config refuses as too soon is requested once', async () => {
  const [rule] = story.org.rules({ accountId: b, ruleName: configRuleName(MIN_LENGTH) });
  const ask = new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [rule?.name ?? ''] });
  // Whether AWS Config accepts this request or not, the next one is too soon.
  await story
    .client(ConfigServiceClient, b)
    .send(ask)
    .catch((error: unknown) => {
      if (!hasCode(error, 'LimitExceededException')) throw error;
    });
  await story.whenIdle();
  const asked = () => story.org.calls.totals()['config:StartConfigRulesEvaluation'] ?? 0;
  const before = asked();
  const pk = `look-again#${b}#${REGION}#${MIN_LENGTH}`;
  const row = await story.table.get(pk, 'last');
  await story.table.remove(pk, 'last', row?.version ?? 0);
  await story.client(IAMClient, b).send(new DeleteAccountPasswordPolicyCommand({}));
  await expect(
    automate(story, { accountId: b, command: MIN_LENGTH, resourceType: 'AWS::::Account', resourceId: b }),
  ).resolves.toMatchObject({ status: 'fixed', reason: 'Require at least 14 characters in a new password' });
  expect(asked() - before).toBe(1);
});

const ChangeRow = z.object({ pk: z.object({ S: z.templateLiteral(['change#', z.string()]) }) });

const endLease = async (accountId: string) => {
  const pk = `lease#iam/password-policy|${accountId}|${REGION}|`;
  const row = await story.table.get(pk, 'lease');
  const data = { holder: 'the killed run', until: new Date(0).toISOString() };
  await story.table.put({ pk, sk: 'lease', data, expected: row?.version ?? 0 });
};

/** Lets the time pass after which all runs have certainly ended. */
const endRuns = async () => {
  await endClaims();
  for (const accountId of [a, b])
    for (const command of [VERSIONING, OPEN_PORTS, MIN_LENGTH])
      for await (const { pk, sk, version, data } of story.table.query(
        `open#${accountId}#${REGION}#${command}`,
      )) {
        const ended = { ...OpenRow.parse(data), endsAt: new Date(0).toISOString() };
        await story.table.put({ pk, sk, data: ended, expected: version });
      }
};

const OpenRow = z.looseObject({ endsAt: z.string() });

test('a fix can call what its rule declares and nothing else that the role may', async () => {
  let Policy = '';
  const stop = story.injectFault(({ operation, input }) => {
    if (operation === 'AssumeRole' && typeof input['Policy'] === 'string') Policy = input['Policy'];
    return undefined;
  });
  await newBucket('narrow');
  stop();
  expect(compliance('narrow')).toBe('COMPLIANT');

  const asFunction = await assumeFunctionRole(EXECUTION_ROLES.remediation);
  const remediating = { ExternalId };
  const [narrow, wide] = await Promise.all([
    assume(asFunction, a, MEMBER_ROLES.remediate, { ...remediating, Policy }),
    assume(asFunction, a, MEMBER_ROLES.remediate, remediating),
  ]);
  const tighten = (credentials: Person) =>
    new IAMClient({ region: REGION, endpoint: story.org.endpointUrl, credentials }).send(
      new UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 20 }),
    );
  await expect(tighten(narrow)).rejects.toThrow(
    'no session policy allows the iam:UpdateAccountPasswordPolicy',
  );
  await expect(tighten(wide)).resolves.toBeDefined();
  await expect(
    new S3Client({ region: REGION, endpoint: story.org.endpointUrl, credentials: narrow }).send(
      new PutBucketVersioningCommand({ Bucket: 'narrow', VersioningConfiguration: { Status: 'Enabled' } }),
    ),
  ).resolves.toBeDefined();
});

test('the role that readers share with the evaluating function can read, and cannot fix', async () => {
  await createBucket(story, a, 'readable');
  const reader = await assume(await assumeFunctionRole(EXECUTION_ROLES.rule), a, MEMBER_ROLES.evaluate, {
    ExternalId,
  });
  const s3 = new S3Client({ region: REGION, endpoint: story.org.endpointUrl, credentials: reader });
  const at = { Bucket: 'readable' };
  await expect(s3.send(new GetBucketVersioningCommand(at))).resolves.toBeDefined();
  await expect(
    s3.send(new PutBucketVersioningCommand({ ...at, VersioningConfiguration: { Status: 'Enabled' } })),
  ).rejects.toThrow(/not authorized|AccessDenied|allows/);
});

const ExternalId = 'local-organization';

/** Gives an administrator of the master account the role of a function. */
const assumeFunctionRole = async (RoleName: string): Promise<Person> => {
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: story.masterId } };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await story
    .client(IAMClient, story.masterId)
    .send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  return assume(story.org.credentials(story.masterId), story.masterId, RoleName);
};

const assume = async (
  credentials: Person,
  accountId: string,
  roleName: string,
  options: { readonly ExternalId?: string; readonly Policy?: string } = {},
): Promise<Person> => {
  const sts = new STSClient({ region: REGION, endpoint: story.org.endpointUrl, credentials });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/${roleName}`,
      RoleSessionName: 'story',
      ...options,
    }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
};

/** A claim's key holds its resource, so that only a scan finds all of them. */
const endClaims = async () => {
  const client = story.client(DynamoDBClient, story.masterId);
  const { Items = [] } = await client.send(
    new ScanCommand({
      TableName: STATE_TABLE,
      FilterExpression: 'begins_with(pk, :claim)',
      ExpressionAttributeValues: { ':claim': { S: 'claim#' } },
    }),
  );
  for (const { pk = { S: '' }, sk = { S: '' } } of Items)
    await client.send(new DeleteItemCommand({ TableName: STATE_TABLE, Key: { pk, sk } }));
};
