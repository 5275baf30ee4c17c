import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { GetBucketVersioningCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeConfigRulesCommand, ConfigServiceClient } from '@aws-sdk/client-config-service';
import { describe, expect, test, vi } from 'vitest';

import { createAccountContacts } from '../../src/settings/account-contacts.ts';
import { AuditEvent } from '../../src/audit/audit-event.ts';
import { call, change, edit, undoCall } from '../../src/rule/change.ts';
import { engineGrants } from '../../src/aws/engine-grants.ts';
import { permanent, transient } from '../../src/base/errors.ts';
import { parseExemptions } from '../../src/settings/exemptions.ts';
import { createRemediate } from '../../src/remediate/remediate.ts';
import type {
  RemediateDependencies,
  RemediateSessionRequest,
  RemediationAnswer,
} from '../../src/remediate/remediation.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { startCooldown } from '../../src/state/cooldowns.ts';
import { readChange } from '../../src/state/journal.ts';
import { recordFailure } from '../../src/state/limits.ts';
import { listPlans, transitionPlan, readPlan } from '../../src/state/plans.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, fakeSession, on, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { undoSteps } from '../../src/operate/undo-steps.ts';
import { nonCompliant, notApplicable } from '../../src/rule/verdict.ts';
import { fakeBuckets } from '../fake-buckets.ts';
import { fakeContact } from '../fake-contact.ts';
import { fakeEventHistory } from '../fake-event-history.ts';
import { fakePasswordPolicy } from '../fake-password-policy.ts';
import { omit } from '../omit.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';

interface SetUp {
  readonly buckets?: Parameters<typeof fakeBuckets>[0];
  readonly mode?: string;
  readonly settings?: object;
  readonly exemptions?: readonly object[];
  readonly answers?: readonly FakeAnswer[];
  readonly rule?: Rule;
  readonly dependencies?: Partial<RemediateDependencies>;
}

const NOW = new Date('2026-11-20T12:05:00Z');
const answerable = { reason: 'r', owner: 'o', approver: 'a', ticket: 't', expires: '2027-01-01' };
const target = {
  command: 'EXAMPLE_KEEP_VERSIONS',
  accountId: '111122223333',
  region: 'eu-west-1',
  resourceId: 'logs',
};

const setUp = ({
  buckets = { logs: 'Off' },
  mode = 'auto',
  settings = {},
  exemptions = [],
  ...over
}: SetUp = {}) => {
  const s3 = fakeBuckets(buckets);
  const rule = over.rule ?? exampleRule;
  const session = fakeSession({
    allow: [...engineGrants.remediate, ...rule.permissions.get, ...rule.permissions.fix],
    answers: [...(over.answers ?? []), ...s3.answers],
  });
  const opened: RemediateSessionRequest[] = [];
  const events: AuditEvent[] = [];
  const table = memoryTable();
  const dependencies: RemediateDependencies = {
    loadRule: async (command) => {
      if (command !== rule.command) throw permanent('unknown-command', `There is no rule ${command}.`);
      return rule;
    },
    loadSettings: async () => parseSettings(settingsWith({ defaults: { mode }, ...settings })),
    loadExemptions: async () =>
      parseExemptions({
        exemptions: exemptions.map((one, index) => ({ ...answerable, id: `EX-${index}`, ...one })),
      }),
    openSession: async (request) => {
      opened.push(request);
      return session;
    },
    isStopped: async () => false,
    publish: async (published) => void events.push(...published.map((event) => AuditEvent.parse(event))),
    contacts: createAccountContacts(),
    table,
    now: () => NOW,
    ...over.dependencies,
  };
  const remediate = createRemediate(dependencies);
  const writes = () => session.sent.filter(({ operation }) => operation.startsWith('Put'));
  const finished = () => events.filter(({ type }) => type === 'remediation-finished');
  return { remediate, events, finished, opened, session, table, s3, writes };
};

const ruleWith = (fix: Rule['fix'], over: Partial<Rule> = {}): Rule => ({
  ...exampleRule,
  ...over,
  ...(fix && { fix }),
});
const enable = (Bucket: string) =>
  call(
    S3Client,
    PutBucketVersioningCommand,
    { Bucket, VersioningConfiguration: { Status: 'Enabled' } },
    {
      undo: undoCall(S3Client, PutBucketVersioningCommand, {
        Bucket,
        VersioningConfiguration: { Status: 'Suspended' },
      }),
    },
  );
const denied = () => {
  throw awsError('AccessDenied', 'not you', 403);
};

describe('a finding in mode auto', () => {
  test('is fixed, verified and told, with what was before, what was done and what is after', async () => {
    const { remediate, s3, events, opened, table } = setUp();
    const answer = await remediate(samplePayload());
    expect(answer).toEqual({
      status: 'fixed',
      reason: 'Turn versioning on for logs',
      planId: expect.stringMatching(/^plan-/) as string,
      changeId: expect.stringMatching(/^change-/) as string,
    });
    expect(s3.versioning.get('logs')).toBe('Enabled');
    expect(events).toMatchObject([
      {
        type: 'remediation-finished',
        command: 'EXAMPLE_KEEP_VERSIONS',
        accountId: '111122223333',
        region: 'eu-west-1',
        resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
        owner: 'team-prod',
        executionId: 'execution-1',
        outcome: 'fixed',
        planId: answer.planId,
        changeId: answer.changeId,
        factsBefore: { status: 'Off' },
        factsAfter: { status: 'Enabled' },
        steps: [
          {
            intent: {
              operation: 's3:PutBucketVersioning',
              input: { VersioningConfiguration: { Status: 'Enabled' } },
            },
            outcome: { type: 'done', undo: { input: { VersioningConfiguration: { Status: 'Suspended' } } } },
          },
        ],
      },
    ]);
    expect(opened).toEqual([
      {
        accountId: '111122223333',
        region: 'eu-west-1',
        partition: 'aws',
        sessionName: 'EXAMPLE_KEEP_VERSIONS+execution-1',
        grants: [...engineGrants.remediate, 's3:GetBucketVersioning', 's3:PutBucketVersioning'],
      },
    ]);
    expect((await readChange(table, answer.changeId ?? ''))?.journal.header).toMatchObject({
      status: 'applied',
      planId: answer.planId,
      executionId: 'execution-1',
      factsBefore: { status: 'Off' },
      factsAfter: { status: 'Enabled' },
    });
  });

  test('is fixed once: the same event again finds it compliant', async () => {
    const { remediate, writes } = setUp();
    await remediate(samplePayload());
    await expect(remediate(samplePayload())).resolves.toMatchObject({ status: 'skipped' });
    expect(writes()).toHaveLength(1);
  });

  test('has a session name that STS takes, the execution whole', async () => {
    const executionId = '12345678-1234-1234-1234-123456789012';
    const { remediate, opened } = setUp({ rule: { ...exampleRule, command: `A_${'B'.repeat(60)}` } });
    await remediate(samplePayload({ complianceCommand: `A_${'B'.repeat(60)}`, executionId }));
    expect(opened[0]?.sessionName).toMatch(/^[\w+=,.@-]{2,64}$/);
    expect(opened[0]?.sessionName.endsWith(`+${executionId}`)).toBe(true);
  });
});

describe('nothing is done', () => {
  const skips: [string, SetUp, string][] = [
    ['about a compliant resource', { buckets: { logs: 'Enabled' } }, 'compliant already'],
    ['about a resource that is gone', { buckets: {} }, 'gone'],
    [
      'where the rule does not apply',
      { rule: ruleWith(undefined, { judge: () => notApplicable('Out of the rule’s scope.') }) },
      'Out of the rule’s scope.',
    ],
    [
      'about an exempt resource',
      { exemptions: [{ resources: ['logs'] }] },
      'Exempt by EX-0 until 2027-01-01.',
    ],
    [
      'about a resource exempt by its ARN',
      { exemptions: [{ resources: ['arn:aws:s3:::logs'] }] },
      'Exempt by EX-0',
    ],
  ];
  test.each(skips)('%s: it is skipped', async (_, given, reason) => {
    const { remediate, finished, writes } = setUp(given);
    await expect(remediate(samplePayload())).resolves.toEqual({
      status: 'skipped',
      reason: expect.stringContaining(reason) as string,
    });
    expect(finished()).toMatchObject([{ outcome: 'skipped', resource: { resourceId: 'logs' } }]);
    expect(writes()).toEqual([]);
  });

  test('about a resource exempt by a tag', async () => {
    const { remediate, s3, writes } = setUp({ exemptions: [{ tags: { public: 'yes' } }] });
    s3.tags.set('logs', { public: 'yes' });
    await expect(remediate(samplePayload())).resolves.toMatchObject({ status: 'skipped' });
    expect(writes()).toEqual([]);
  });

  const early: [string, SetUp, string][] = [
    ['in mode off', { mode: 'off' }, "is 'off'"],
    ['in mode observe', { mode: 'observe' }, "is 'observe'"],
    ['while the stop switch is on', { dependencies: { isStopped: async () => true } }, 'stop switch'],
  ];
  test.each(early)('%s, and no role is assumed', async (_, given, reason) => {
    const { remediate, finished, opened } = setUp(given);
    await expect(remediate(samplePayload())).resolves.toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining(reason) as string,
    });
    expect(finished()).toHaveLength(1);
    expect(opened).toEqual([]);
  });

  const refusals: [string, unknown, SetUp, string][] = [
    ['upon no payload', undefined, {}, 'This is no payload'],
    ['upon a payload that says what to do', samplePayload({ force: true }), {}, 'This is no payload'],
    ['in a foreign account', samplePayload({ accountId: '444455556666' }), {}, 'not in the settings'],
    [
      'by an unknown command',
      samplePayload({ complianceCommand: 'NO_SUCH_RULE' }),
      {},
      'no rule NO_SUCH_RULE',
    ],
    [
      'to another type of resource',
      samplePayload({ resourceType: 'AWS::IAM::User' }),
      {},
      'is about AWS::S3::Bucket',
    ],
    [
      'with parameters of another type',
      samplePayload(),
      { settings: { rules: { EXAMPLE_KEEP_VERSIONS: { parameters: { suspendedIsFine: 1 } } } } },
      'parameters it cannot take',
    ],
  ];
  test.each(refusals)(
    '%s: it is refused, told, and no role is assumed',
    async (_, payload, given, reason) => {
      const { remediate, events, opened } = setUp(given);
      const answer = { status: 'refused', reason: expect.stringContaining(reason) as string };
      await expect(remediate(payload)).resolves.toEqual(answer);
      expect(events).toMatchObject([
        { type: 'remediation-finished', outcome: 'refused', reason: answer.reason },
      ]);
      expect(opened).toEqual([]);
    },
  );

  test.each([
    [
      'the role cannot be assumed',
      { openSession: () => Promise.reject(permanent('role-not-assumed', 'not you')) },
    ],
    [
      'the exemptions are broken',
      { loadExemptions: () => Promise.reject(permanent('malformed-exemptions', 'not you')) },
    ],
  ])('when %s: it is refused', async (_, dependencies) => {
    const { remediate, finished, writes } = setUp({ dependencies });
    await expect(remediate(samplePayload())).resolves.toEqual({ status: 'refused', reason: 'not you' });
    expect(finished()).toMatchObject([{ outcome: 'refused' }]);
    expect(writes()).toEqual([]);
  });

  test('when the resource cannot be read: it is refused', async () => {
    const { remediate, finished } = setUp({ answers: [on(S3Client, GetBucketVersioningCommand, denied)] });
    await expect(remediate(samplePayload())).resolves.toMatchObject({ status: 'refused' });
    expect(finished()).toMatchObject([{ outcome: 'refused', reason: 'AccessDenied: not you' }]);
  });

  test.each<[string, Rule]>([
    ['the rule leaves to a person', ruleWith(() => ({ manual: 'Ask the owner.' }))],
    ['the rule has no fix for', { ...omit(exampleRule, 'fix'), guidance: 'Ask the owner.' }],
  ])('about what %s, who is told what to do', async (_, rule) => {
    const { remediate, finished, writes } = setUp({ rule });
    await expect(remediate(samplePayload())).resolves.toEqual({ status: 'human', reason: 'Ask the owner.' });
    expect(finished()).toMatchObject([
      { outcome: 'human', factsBefore: { status: 'Off' }, owner: 'team-prod' },
    ]);
    expect(writes()).toEqual([]);
  });
});

describe('a plan is made instead of a fix', () => {
  const disruptive = ruleWith(() =>
    change({ description: 'Cut it off', risk: 'disruptive', steps: [enable('logs')] }),
  );
  const irreversible = ruleWith(() =>
    change({ description: 'Burn it', risk: 'irreversible', steps: [enable('logs')] }),
  );
  const allowing = (allowDisruptive: boolean) => ({ rules: { EXAMPLE_KEEP_VERSIONS: { allowDisruptive } } });

  const planned: [string, SetUp, string][] = [
    ['in mode plan', { mode: 'plan' }, "The mode is 'plan'. It would: Turn versioning on for logs"],
    ['in mode approve', { mode: 'approve' }, "The mode is 'approve'."],
    ['of an irreversible one', { rule: irreversible, settings: allowing(true) }, 'never automatic'],
    ['of a disruptive one that nobody allowed', { rule: disruptive }, 'allowDisruptive'],
    ['of a resource of the landing zone', { settings: { exclusions: ['log*'] } }, 'landing zone'],
    [
      'where the budget is used up',
      { settings: { limits: { fixesPerHour: { ruleAndAccount: 0 } } } },
      'limit of 0',
    ],
  ];
  test.each(planned)('%s, published once with why', async (_, given, why) => {
    const { remediate, events, finished, writes, table } = setUp(given);
    const answer = await remediate(samplePayload());
    expect(answer).toMatchObject({ status: 'planned', reason: expect.stringContaining(why) as string });
    await expect(readPlan(table, answer.planId ?? '')).resolves.toMatchObject({ status: 'open' });
    await expect(remediate(samplePayload({ executionId: 'execution-2' }))).resolves.toMatchObject({
      planId: answer.planId,
    });
    expect(events.filter(({ type }) => type === 'plan-created')).toMatchObject([
      {
        plan: { id: answer.planId },
        withheld: expect.any(String) as string,
        severity: 'medium',
        owner: 'team-prod',
      },
    ]);
    expect(finished()).toMatchObject([{ outcome: 'planned' }, { outcome: 'planned' }]);
    expect(writes()).toEqual([]);
  });

  test('of a disruptive one that the settings allow by name is not: it is fixed', async () => {
    const { remediate } = setUp({ rule: disruptive, settings: allowing(true) });
    await expect(remediate(samplePayload())).resolves.toMatchObject({ status: 'fixed' });
  });

  test('of a resource that other code manages, unless the settings enforce', async () => {
    for (const [enforce, status] of [
      [false, 'planned'],
      [true, 'fixed'],
    ] as const) {
      const { remediate, s3 } = setUp({ settings: { infrastructureAsCode: { enforce } } });
      s3.tags.set('logs', { 'managed-by': 'terraform', owner: 'team-tf' });
      await expect(remediate(samplePayload())).resolves.toMatchObject({ status });
    }
  });

  test('of a resource whose fix a person undid', async () => {
    const { remediate, table } = setUp();
    await startCooldown(table, target, { by: 'jo', until: '2026-11-27T00:00:00Z', changeId: 'change-1' });
    await expect(remediate(samplePayload())).resolves.toMatchObject({
      status: 'planned',
      reason: expect.stringContaining('jo undid change-1') as string,
    });
  });

  test('after too many failures of the rule within the hour', async () => {
    const { remediate, table } = setUp();
    for (let count = 0; count < 5; count += 1) await recordFailure(target, { table, now: NOW });
    await expect(remediate(samplePayload())).resolves.toMatchObject({
      status: 'planned',
      reason: expect.stringContaining('5 fixes') as string,
    });
  });

  describe('of a resource that is changed back again and again', () => {
    const fixThrice = async (answer: FakeAnswer) => {
      const all = setUp({ settings: { limits: { flaps: { times: 2, hours: 24 } } }, answers: [answer] });
      const answers: RemediationAnswer[] = [];
      for (const executionId of ['e-1', 'e-2', 'e-3']) {
        answers.push(await all.remediate(samplePayload({ executionId })));
        all.s3.versioning.set('logs', 'Off');
      }
      expect(answers.map(({ status }) => status)).toEqual(['fixed', 'fixed', 'planned']);
      return { ...all, last: answers.at(-1) };
    };
    const principal = 'arn:aws:sts::111122223333:assumed-role/pipeline/run';

    test('names the principal in the answer, in the plan and in both events', async () => {
      const calls = ['PutBucketVersioning', 'PutBucketTagging'].map((name, index) => ({
        name,
        by: index === 0 ? principal : 'arn:aws:sts::111122223333:assumed-role/tagger/run',
        at: new Date(NOW.getTime() + index * 1000).toISOString(),
      }));
      const { last, events, finished, table } = await fixThrice(fakeEventHistory(calls));
      const changedBy = { principal, eventName: 'PutBucketVersioning', time: NOW.toISOString() };
      const named = expect.stringContaining(`${principal} changes it back (PutBucketVersioning, `) as string;
      expect(last).toMatchObject({ reason: named });
      expect(last).not.toHaveProperty('changedBy');
      expect(finished().at(-1)).toMatchObject({ changedBy, reason: named });
      expect(events.find(({ type }) => type === 'plan-created')).toMatchObject({
        changedBy,
        withheld: named,
      });
      await expect(Array.fromAsync(listPlans(table))).resolves.toMatchObject([{ withheld: named }]);
    });

    test('holds all the same while CloudTrail is throttled or denies, and says that it is not known', async () => {
      const log = vi.spyOn(console, 'error').mockReturnValue();
      const refuse = on(CloudTrailClient, LookupEventsCommand, () => {
        throw awsError('ThrottlingException', 'Rate exceeded');
      });
      const { last, finished } = await fixThrice(refuse);
      expect(last?.reason).toContain('who is not known');
      expect(finished().at(-1)).not.toHaveProperty('changedBy');
      expect(log).toHaveBeenCalledTimes(1);
    });
  });
});

describe('an approved plan', () => {
  const approved = async (given: SetUp = {}) => {
    const all = setUp({ mode: 'approve', ...given });
    const { planId = '' } = await all.remediate(samplePayload());
    const decision = { by: 'jo', at: NOW.toISOString() };
    await transitionPlan(all.table, { planId, from: ['open'], to: 'approved', now: NOW, decision });
    return { ...all, planId };
  };

  test('is applied and marked so, the irreversible one included', async () => {
    const rule = ruleWith(() =>
      change({ description: 'Burn it', risk: 'irreversible', steps: [enable('logs')] }),
    );
    const { remediate, table, planId } = await approved({ rule });
    const answer = await remediate(samplePayload({ executionId: 'e-2' }));
    expect(answer).toMatchObject({ status: 'fixed', planId });
    await expect(readPlan(table, planId)).resolves.toMatchObject({
      status: 'applied',
      successor: answer.changeId,
    });
  });

  test('is not applied when the resource is another by now', async () => {
    const { remediate, s3, planId, table } = await approved();
    s3.versioning.set('logs', 'Suspended');
    const answer = await remediate(samplePayload({ executionId: 'e-2' }));
    expect(answer).toMatchObject({ status: 'planned' });
    expect(answer.planId).not.toBe(planId);
    await expect(Array.fromAsync(listPlans(table))).resolves.toHaveLength(2);
  });

  test('is not applied once it has expired', async () => {
    let now = NOW;
    const { remediate, writes, table, planId } = await approved({ dependencies: { now: () => now } });
    now = new Date('2026-12-20T00:00:00Z');
    await expect(remediate(samplePayload({ executionId: 'e-2' }))).resolves.toMatchObject({
      status: 'planned',
    });
    expect(writes()).toEqual([]);
    await expect(readPlan(table, planId)).resolves.toMatchObject({ status: 'open' });
  });
});

describe('a fix that fails', () => {
  test('half-way tells what was done, and the journal holds the way back', async () => {
    const rule = ruleWith(() =>
      change({
        description: 'Mend both',
        risk: 'safe',
        steps: [enable('logs'), enable('missing'), enable('logs')],
      }),
    );
    const { remediate, finished, table, session, s3, writes } = setUp({ rule });
    const answer = await remediate(samplePayload());
    expect(answer).toMatchObject({
      status: 'failed',
      reason: `Step 2 failed, 1 done before it: NoSuchBucket: missing does not exist 'compliance undo ${answer.changeId}' takes them back.`,
    });
    expect(writes()).toHaveLength(2);
    expect(finished()).toMatchObject([
      { outcome: 'failed', steps: [{ outcome: { type: 'done' } }, { outcome: { type: 'failed' } }] },
    ]);
    const recorded = await readChange(table, answer.changeId ?? '');
    if (!recorded) throw new Error('The change was journalled.');
    expect(recorded.journal.header.status).toBe('failed');
    await undoSteps(rule, recorded.entries, { session, table, journal: recorded.journal });
    expect(s3.versioning.get('logs')).toBe('Suspended');
  });

  test('at its first call has nothing to undo, and counts as a failure of the rule', async () => {
    const limits = { failuresPerHour: 1 };
    const answers = [on(S3Client, PutBucketVersioningCommand, denied)];
    const { remediate } = setUp({ answers, settings: { limits } });
    await expect(remediate(samplePayload())).resolves.toMatchObject({
      status: 'failed',
      reason: 'Step 1 failed, 0 done before it: AccessDenied: not you',
    });
    await expect(remediate(samplePayload({ executionId: 'e-2' }))).resolves.toMatchObject({
      status: 'planned',
    });
  });

  test('at a step behind one that had nothing to do names the right step', async () => {
    const nothing = { ...enable('missing'), alreadyDone: ['NoSuchBucket'] };
    const rule = ruleWith(() =>
      change({ description: 'Mend', risk: 'safe', steps: [nothing, enable('gone')] }),
    );
    await expect(setUp({ rule }).remediate(samplePayload())).resolves.toMatchObject({
      reason: 'Step 2 failed, 0 done before it: NoSuchBucket: gone does not exist',
    });
  });

  // Both look at the resource for five seconds; side by side.
  test.concurrent('to help says that it was done and that it did not help', async () => {
    const rule = ruleWith(undefined, { judge: () => nonCompliant('Still bad.') });
    const { remediate, finished, table } = setUp({ rule });
    const answer = await remediate(samplePayload());
    expect(answer).toMatchObject({ status: 'failed', reason: 'Not compliant after the fix: Still bad.' });
    expect(finished()).toMatchObject([
      { outcome: 'failed', factsBefore: { status: 'Off' }, factsAfter: { status: 'Enabled' }, steps: [{}] },
    ]);
    expect((await readChange(table, answer.changeId ?? ''))?.journal.header.status).toBe('failed');
  }, 15_000);

  test.concurrent('to show at once, as the rule foresees, is applied', async () => {
    const settling = (after: { seconds: number } | { manual: string }) =>
      ruleWith(
        () => change({ description: 'Mend', risk: 'safe', steps: [enable('logs')], effectiveAfter: after }),
        {
          judge: () => nonCompliant('Not yet.'),
        },
      );
    const run = (rule: Rule) => setUp({ rule }).remediate(samplePayload());
    const answers = await Promise.all([
      run(settling({ seconds: 300 })),
      run(settling({ manual: 'confirm the mail' })),
    ]);
    expect(answers).toMatchObject([
      { status: 'applied', reason: 'Applied; AWS needs about 300 s until it shows.' },
      { status: 'applied', reason: 'Applied; it takes effect once a person did this: confirm the mail' },
    ]);
  }, 15_000);

  test('to be looked at afterwards is told with all that was done', async () => {
    let looks = 0;
    const answers = [
      on(S3Client, GetBucketVersioningCommand, () => {
        looks += 1;
        if (looks > 1) throw awsError('SlowDown', 'slow', 503);
        return {};
      }),
    ];
    const { remediate, finished, s3, table } = setUp({ answers });
    const answer = await remediate(samplePayload());
    expect(answer).toMatchObject({
      status: 'failed',
      reason: 'Not compliant after the fix: the resource could not be looked at (SlowDown: slow)',
    });
    expect(s3.versioning.get('logs')).toBe('Enabled');
    expect(finished()).toMatchObject([{ outcome: 'failed', steps: [{ outcome: { type: 'done' } }] }]);
    expect((await readChange(table, answer.changeId ?? ''))?.entries).toHaveLength(1);
  });

  test('to wake AWS Config is a fix all the same', async () => {
    const answers = [on(ConfigServiceClient, DescribeConfigRulesCommand, denied)];
    const rule = ruleWith(undefined, { triggers: ['schedule'] });
    const { remediate, finished } = setUp({ rule, answers });
    await expect(remediate(samplePayload())).resolves.toMatchObject({
      status: 'fixed',
      reason: 'Turn versioning on for logs; AWS Config was not asked to look again (AccessDenied: not you)',
    });
    expect(finished()).toMatchObject([{ outcome: 'fixed', steps: [{}] }]);
  });
});

describe('a transient fault before the first step is thrown without a word to the auditors', () => {
  const away = () => Promise.reject(transient('not-published', 'x'));
  const failing: [string, SetUp][] = [
    ['settings that cannot be read', { dependencies: { loadSettings: away } }],
    ['a stop switch that cannot be read', { dependencies: { isStopped: away } }],
    ['exemptions that cannot be read', { dependencies: { loadExemptions: away } }],
    ['a role that is throttled', { dependencies: { openSession: away } }],
    [
      'a state table that is away',
      { dependencies: { table: { ...memoryTable(), get: away, add: away, put: away } } },
    ],
    [
      'throttling of the observation',
      {
        answers: [
          on(S3Client, GetBucketVersioningCommand, () => {
            throw awsError('SlowDown', 'slow', 503);
          }),
        ],
      },
    ],
  ];
  test.each(failing)('%s', async (_, given) => {
    const { remediate, events, writes } = setUp(given);
    await expect(remediate(samplePayload())).rejects.toBeInstanceOf(Error);
    expect(events).toEqual([]);
    expect(writes()).toEqual([]);
  });

  test('a document that cannot be read for now: the same execution tries again and fixes', async () => {
    const { document, state } = fakePasswordPolicy({ status: 'Off' });
    let reads = 0;
    const flaky = {
      ...document,
      read: async (...args: Parameters<typeof document.read>) => {
        reads += 1;
        // The plan reads it first, the first step second.
        if (reads === 2) throw awsError('ThrottlingException');
        return document.read(...args);
      },
    };
    const rule = ruleWith(
      () =>
        change({ description: 'Edit', risk: 'safe', steps: [edit(flaky, () => ({ status: 'Enabled' }))] }),
      { observe: { ...exampleRule.observe, get: async () => ({ facts: state.content }) } },
    );
    const { remediate, events } = setUp({ rule });
    await expect(remediate(samplePayload())).rejects.toMatchObject({ kind: 'transient', code: 'not-begun' });
    expect(events).toEqual([]);
    await expect(remediate(samplePayload())).resolves.toMatchObject({ status: 'fixed' });
  });
});

test('an outcome that cannot be published is thrown, not turned into a refusal', async () => {
  const publish = () => Promise.reject(transient('not-published', 'x'));
  const { remediate } = setUp({ dependencies: { publish } });
  await expect(remediate(samplePayload())).rejects.toMatchObject({ code: 'not-published' });
});

const ownerless = { accounts: [{ id: '111122223333', name: 'prod' }] };

test.each<[string, Record<string, string> | undefined, object, string, string?]>([
  ['the resource’s tag', { owner: 'team-tag' }, {}, 'team-tag'],
  [
    'the tag that the settings name',
    { team: 'team-other', owner: 'x' },
    { owners: { tag: 'team' } },
    'team-other',
  ],
  ['the account', undefined, {}, 'team-prod'],
  ['the account’s security contact', undefined, ownerless, 'security@example.com', 'security@example.com'],
  ['the default', undefined, ownerless, 'unowned'],
])('a finding goes to the owner by %s', async (_, tags, settings, owner, contact) => {
  const { remediate, s3, finished } = setUp({ settings, answers: [fakeContact(contact)] });
  if (tags) s3.tags.set('logs', tags);
  await remediate(samplePayload());
  expect(finished()).toMatchObject([{ owner }]);
});
