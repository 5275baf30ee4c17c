import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeConfigRulesCommand, ConfigServiceClient } from '@aws-sdk/client-config-service';
import { GetBucketVersioningCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test, vi } from 'vitest';

import { permanent, transient } from '../../src/base/errors.ts';
import { engineGrants } from '../../src/aws/engine-grants.ts';
import { call, change, edit, undoCall } from '../../src/rule/change.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { nonCompliant, notApplicable } from '../../src/rule/verdict.ts';
import { createAccountContacts } from '../../src/settings/account-contacts.ts';
import { parseExemptions } from '../../src/settings/exemptions.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { AuditEvent } from '../../src/audit/audit-event.ts';
import { startCooldown } from '../../src/state/cooldowns.ts';
import { readChange } from '../../src/state/journal.ts';
import { recordFailure } from '../../src/state/circuits.ts';
import { listPlans, transitionPlan, readPlan } from '../../src/state/plans.ts';
import { createRemediate } from '../../src/remediate/remediate.ts';
import type {
  RemediateDependencies,
  RemediateSessionRequest,
  RemediationAnswer,
} from '../../src/remediate/remediation.ts';
import { undoSteps } from '../../src/operate/undo-steps.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, fakeSession, on, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';
import { fakeExecutions } from '../fake-executions.ts';
import { fakeBuckets } from '../../src/testing/fake-buckets.ts';
import { fakeContact } from '../fake-contact.ts';
import { fakeEventHistory } from '../fake-event-history.ts';
import { fakePasswordPolicy } from '../fake-password-policy.ts';
import { omit } from '../omit.ts';

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
  const executions = fakeExecutions();
  const rule = over.rule ?? exampleRule;
  const session = fakeSession({
    allow: [...engineGrants.remediate, ...rule.permissions.get, ...rule.permissions.fix],
    answers: [...(over.answers ?? []), ...executions.answers, ...s3.answers],
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
  const invoke = createRemediate(dependencies);
  /** The request of an execution that SSM runs. */
  const remediate = (payload: unknown) => {
    executions.start(payload);
    return invoke(payload);
  };
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

describe('mode auto', () => {
  test('a violation is fixed, verified and published with its facts before and after and its steps', async () => {
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

  test('a violation is fixed once: the same request again finds the resource compliant', async () => {
    const { remediate, writes } = setUp();
    await remediate(samplePayload());
    await expect(remediate(samplePayload())).resolves.toMatchObject({ status: 'skipped' });
    expect(writes()).toHaveLength(1);
  });

  test('a session name is valid for STS and holds the whole execution id', async () => {
    const executionId = '12345678-1234-1234-1234-123456789012';
    const { remediate, opened } = setUp({ rule: { ...exampleRule, command: `A_${'B'.repeat(60)}` } });
    await remediate(samplePayload({ complianceCommand: `A_${'B'.repeat(60)}`, executionId }));
    expect(opened[0]?.sessionName).toMatch(/^[\w+=,.@-]{2,64}$/);
    expect(opened[0]?.sessionName.endsWith(`+${executionId}`)).toBe(true);
  });
});

describe('no fix and no plan', () => {
  const skips: [string, SetUp, string][] = [
    ['a compliant resource', { buckets: { logs: 'Enabled' } }, 'already compliant'],
    ['a resource that is gone', { buckets: {} }, 'gone'],
    [
      'a resource out of the scope of the rule',
      { rule: ruleWith(undefined, { judge: () => notApplicable('Out of the scope of the rule.') }) },
      'Out of the scope of the rule.',
    ],
    ['an exempt resource', { exemptions: [{ resources: ['logs'] }] }, 'Exempt by EX-0 until 2027-01-01.'],
    [
      'a resource exempt by its ARN',
      { exemptions: [{ resources: ['arn:aws:s3:::logs'] }] },
      'Exempt by EX-0',
    ],
  ];
  test.each(skips)('%s is skipped', async (_, given, reason) => {
    const { remediate, finished, writes } = setUp(given);
    await expect(remediate(samplePayload())).resolves.toEqual({
      status: 'skipped',
      reason: expect.stringContaining(reason) as string,
    });
    expect(finished()).toMatchObject([{ outcome: 'skipped', resource: { resourceId: 'logs' } }]);
    expect(writes()).toEqual([]);
  });

  test('a resource exempt by a tag is skipped', async () => {
    const { remediate, s3, writes } = setUp({ exemptions: [{ tags: { public: 'yes' } }] });
    s3.tags.set('logs', { public: 'yes' });
    await expect(remediate(samplePayload())).resolves.toMatchObject({ status: 'skipped' });
    expect(writes()).toEqual([]);
  });

  const early: [string, SetUp, string][] = [
    ['in mode off', { mode: 'off' }, "is 'off'"],
    ['in mode observe', { mode: 'observe' }, "is 'observe'"],
    ['while the stop switch is on', { dependencies: { isStopped: async () => true } }, 'stop switch'],
    [
      'for a rule of the management account',
      { rule: { ...exampleRule, only: 'management-account' } },
      'concerns the management account only',
    ],
  ];
  test.each(early)('%s, a request is skipped and no role is assumed', async (_, given, reason) => {
    const { remediate, finished, opened } = setUp(given);
    await expect(remediate(samplePayload())).resolves.toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining(reason) as string,
    });
    expect(finished()).toHaveLength(1);
    expect(opened).toEqual([]);
  });

  test('a request in a Region without the service is skipped and no role is assumed', async () => {
    const permissions = { ...exampleRule.permissions, list: ['macie2:GetMacieSession'] };
    const organization = { ...settingsWith().organization, regions: ['eu-west-1', 'eu-central-2'] };
    const { remediate, opened } = setUp({
      rule: { ...exampleRule, permissions },
      settings: { organization },
    });
    await expect(remediate(samplePayload({ region: 'eu-central-2' }))).resolves.toMatchObject({
      status: 'skipped',
      reason: 'Region eu-central-2 does not have the service macie2.',
    });
    expect(opened).toEqual([]);
  });

  const refusals: [string, unknown, SetUp, string][] = [
    ['a missing payload', undefined, {}, 'Invalid remediation request'],
    ['a payload that says what to do', samplePayload({ force: true }), {}, 'Invalid remediation request'],
    [
      'a request for a foreign account',
      samplePayload({ accountId: '444455556666' }),
      {},
      'not in the settings',
    ],
    [
      'a request for an unknown rule',
      samplePayload({ complianceCommand: 'NO_SUCH_RULE' }),
      {},
      'no rule NO_SUCH_RULE',
    ],
    [
      'a request for another resource type',
      samplePayload({ resourceType: 'AWS::IAM::User' }),
      {},
      'judges AWS::S3::Bucket',
    ],
    [
      'a request with parameters of another type',
      samplePayload(),
      { settings: { rules: { EXAMPLE_KEEP_VERSIONS: { parameters: { suspendedIsFine: 1 } } } } },
      'Invalid parameters of EXAMPLE_KEEP_VERSIONS',
    ],
  ];
  test.each(refusals)(
    '%s is refused and published, and no role is assumed',
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
      'the exemptions are malformed',
      { loadExemptions: () => Promise.reject(permanent('malformed-exemptions', 'not you')) },
    ],
  ])('a request is refused when %s', async (_, dependencies) => {
    const { remediate, finished, writes } = setUp({ dependencies });
    await expect(remediate(samplePayload())).resolves.toEqual({ status: 'refused', reason: 'not you' });
    expect(finished()).toMatchObject([{ outcome: 'refused' }]);
    expect(writes()).toEqual([]);
  });

  test('a request is refused when the resource cannot be read', async () => {
    const { remediate, finished } = setUp({ answers: [on(S3Client, GetBucketVersioningCommand, denied)] });
    await expect(remediate(samplePayload())).resolves.toMatchObject({ status: 'refused' });
    expect(finished()).toMatchObject([{ outcome: 'refused', reason: 'AccessDenied: not you' }]);
  });

  test.each<[string, Rule]>([
    ['a violation that the rule leaves to a person', ruleWith(() => ({ manual: 'Ask the owner.' }))],
    ['a violation of a rule without a fix', { ...omit(exampleRule, 'fix'), guidance: 'Ask the owner.' }],
  ])('%s is manual, and the answer says what to do', async (_, rule) => {
    const { remediate, finished, writes } = setUp({ rule });
    await expect(remediate(samplePayload())).resolves.toEqual({ status: 'human', reason: 'Ask the owner.' });
    expect(finished()).toMatchObject([
      { outcome: 'human', factsBefore: { status: 'Off' }, owner: 'team-prod' },
    ]);
    expect(writes()).toEqual([]);
  });
});

describe('a plan instead of a fix', () => {
  const disruptive = ruleWith(() =>
    change({ description: 'Close the port', risk: 'disruptive', steps: [enable('logs')] }),
  );
  const irreversible = ruleWith(() =>
    change({ description: 'Lock it for ever', risk: 'irreversible', steps: [enable('logs')] }),
  );
  const allowing = (allowDisruptive: boolean) => ({ rules: { EXAMPLE_KEEP_VERSIONS: { allowDisruptive } } });

  const planned: [string, SetUp, string][] = [
    [
      'a violation in mode plan',
      { mode: 'plan' },
      "Not applied: The mode is 'plan'. Planned: Turn versioning on for logs",
    ],
    ['a violation in mode approve', { mode: 'approve' }, "The mode is 'approve'."],
    ['an irreversible fix', { rule: irreversible, settings: allowing(true) }, 'never automatic'],
    ['a disruptive fix that the settings do not allow', { rule: disruptive }, 'allowDisruptive'],
    ['a violation of the landing zone', { settings: { exclusions: ['log*'] } }, 'landing zone'],
    [
      'a violation beyond the budget',
      { settings: { limits: { fixesPerHour: { ruleAndAccount: 0 } } } },
      'limit of 0',
    ],
  ];
  test.each(planned)('%s is planned and published once with the reason', async (_, given, reason) => {
    const { remediate, events, finished, writes, table } = setUp(given);
    const answer = await remediate(samplePayload());
    expect(answer).toMatchObject({ status: 'planned', reason: expect.stringContaining(reason) as string });
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

  test('the events of a fix beyond the budget say so to programs, and those of a decision of people do not', async () => {
    const overBudget = setUp({ settings: { limits: { fixesPerHour: { ruleAndAccount: 0 } } } });
    await overBudget.remediate(samplePayload());
    expect(overBudget.events).toMatchObject([
      { type: 'plan-created', blockedBy: 'limit' },
      { type: 'remediation-finished', blockedBy: 'limit' },
    ]);
    const byMode = setUp({ mode: 'plan' });
    await byMode.remediate(samplePayload());
    expect(byMode.events.filter((event) => 'blockedBy' in event)).toEqual([]);
  });

  test('a disruptive fix that the settings allow for the rule is applied', async () => {
    const { remediate } = setUp({ rule: disruptive, settings: allowing(true) });
    await expect(remediate(samplePayload())).resolves.toMatchObject({ status: 'fixed' });
  });

  test('a resource managed as code gets a plan, unless the settings enforce the fix', async () => {
    for (const [enforce, status] of [
      [false, 'planned'],
      [true, 'fixed'],
    ] as const) {
      const { remediate, s3 } = setUp({ settings: { infrastructureAsCode: { enforce } } });
      s3.tags.set('logs', { 'managed-by': 'terraform', owner: 'team-tf' });
      await expect(remediate(samplePayload())).resolves.toMatchObject({ status });
    }
  });

  test('a resource whose fix a person undid gets a plan', async () => {
    const { remediate, table } = setUp();
    await startCooldown(table, target, { by: 'jo', until: '2026-11-27T00:00:00Z', changeId: 'change-1' });
    await expect(remediate(samplePayload())).resolves.toMatchObject({
      status: 'planned',
      reason: expect.stringContaining('jo undid change-1') as string,
    });
  });

  test('a violation gets a plan after too many failures of its rule within the hour', async () => {
    const { remediate, table } = setUp();
    for (let count = 0; count < 5; count += 1) await recordFailure(target, { table, now: NOW, isOwn: false });
    await expect(remediate(samplePayload())).resolves.toMatchObject({
      status: 'planned',
      reason: expect.stringContaining('5 fixes') as string,
    });
  });

  test('two automations that start at once on one resource make one change', async () => {
    const { remediate, session } = setUp();
    const both = ['e-1', 'e-2'].map((executionId) => remediate(samplePayload({ executionId })));
    await expect(Promise.allSettled(both)).resolves.toMatchObject([
      { value: { status: 'fixed' } },
      { reason: { kind: 'transient', code: 'still-applying' } },
    ]);
    // The automation retries what is transient.
    await expect(remediate(samplePayload({ executionId: 'e-2' }))).resolves.toMatchObject({
      status: 'skipped',
    });
    expect(session.sent.filter(({ operation }) => operation === 'PutBucketVersioning')).toHaveLength(1);
  });

  describe('a fix that is reverted repeatedly', () => {
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

    test('a plan for a fix that is reverted repeatedly names the principal, as do the answer and both events', async () => {
      const calls = ['PutBucketVersioning', 'PutBucketTagging'].map((name, index) => ({
        name,
        by: index === 0 ? principal : 'arn:aws:sts::111122223333:assumed-role/tagger/run',
        at: new Date(NOW.getTime() + index * 1000).toISOString(),
      }));
      const { last, events, finished, table } = await fixThrice(fakeEventHistory(calls));
      const changedBy = { principal, eventName: 'PutBucketVersioning', time: NOW.toISOString() };
      const named = expect.stringContaining(`${principal} reverts the fix (PutBucketVersioning, `) as string;
      expect(last).toMatchObject({ reason: named });
      expect(last).not.toHaveProperty('changedBy');
      expect(finished().at(-1)).toMatchObject({ changedBy, reason: named });
      expect(events.find(({ type }) => type === 'plan-created')).toMatchObject({
        changedBy,
        withheld: named,
      });
      await expect(Array.fromAsync(listPlans(table))).resolves.toMatchObject([{ withheld: named }]);
    });

    test('a fix that is reverted repeatedly is planned while CloudTrail is throttled, by an unknown principal', async () => {
      const log = vi.spyOn(console, 'error').mockReturnValue();
      const refuse = on(CloudTrailClient, LookupEventsCommand, () => {
        throw awsError('ThrottlingException', 'Rate exceeded');
      });
      const { last, finished } = await fixThrice(refuse);
      expect(last?.reason).toContain('something unknown reverts the fix');
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

  test('an approved plan is applied and marked as applied, even an irreversible one', async () => {
    const rule = ruleWith(() =>
      change({ description: 'Lock it for ever', risk: 'irreversible', steps: [enable('logs')] }),
    );
    const { remediate, table, planId } = await approved({ rule });
    const answer = await remediate(samplePayload({ executionId: 'e-2' }));
    expect(answer).toMatchObject({ status: 'fixed', planId });
    await expect(readPlan(table, planId)).resolves.toMatchObject({
      status: 'applied',
      appliedByChange: answer.changeId,
    });
  });

  test('an approved plan is not applied when the resource has changed since', async () => {
    const { remediate, s3, planId, table } = await approved();
    s3.versioning.set('logs', 'Suspended');
    const answer = await remediate(samplePayload({ executionId: 'e-2' }));
    expect(answer).toMatchObject({ status: 'planned' });
    expect(answer.planId).not.toBe(planId);
    await expect(Array.fromAsync(listPlans(table))).resolves.toHaveLength(2);
  });

  test('an approved plan is not applied after it expired', async () => {
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

describe('a failed fix', () => {
  test('a fix that fails half-way publishes its steps and can be undone from its journal', async () => {
    const rule = ruleWith(() =>
      change({
        description: 'Fix both',
        risk: 'safe',
        steps: [enable('logs'), enable('missing'), enable('logs')],
      }),
    );
    const { remediate, finished, table, session, s3, writes } = setUp({ rule });
    const answer = await remediate(samplePayload());
    expect(answer).toMatchObject({
      status: 'failed',
      reason: `Step 2 failed, 1 done before it ('compliance undo ${answer.changeId}' reverts them): NoSuchBucket: missing does not exist`,
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

  test('a fix that fails at its first call has nothing to undo and counts as a failure of the rule', async () => {
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

  test('a fix that fails after a step with nothing to do names the right step', async () => {
    const nothing = { ...enable('missing'), alreadyDone: ['NoSuchBucket'] };
    const rule = ruleWith(() =>
      change({ description: 'Fix it', risk: 'safe', steps: [nothing, enable('gone')] }),
    );
    await expect(setUp({ rule }).remediate(samplePayload())).resolves.toMatchObject({
      reason: 'Step 2 failed, 0 done before it: NoSuchBucket: gone does not exist',
    });
  });

  // Both verify the resource for five seconds, so they run side by side.
  test.concurrent('a fix without effect fails, and publishes the steps that were done', async () => {
    const rule = ruleWith(undefined, { judge: () => nonCompliant('Still bad.') });
    const { remediate, finished, table } = setUp({ rule });
    const answer = await remediate(samplePayload());
    expect(answer).toMatchObject({ status: 'failed', reason: 'Not compliant after the fix: Still bad.' });
    expect(finished()).toMatchObject([
      { outcome: 'failed', factsBefore: { status: 'Off' }, factsAfter: { status: 'Enabled' }, steps: [{}] },
    ]);
    expect((await readChange(table, answer.changeId ?? ''))?.journal.header.status).toBe('failed');
  });

  test.concurrent('a fix that takes effect later is applied, not failed', async () => {
    const ruleEffectiveAfter = (after: { seconds: number } | { manual: string }) =>
      ruleWith(
        () => change({ description: 'Fix it', risk: 'safe', steps: [enable('logs')], effectiveAfter: after }),
        {
          judge: () => nonCompliant('Not yet.'),
        },
      );
    const run = (rule: Rule) => setUp({ rule }).remediate(samplePayload());
    const answers = await Promise.all([
      run(ruleEffectiveAfter({ seconds: 300 })),
      run(ruleEffectiveAfter({ manual: 'confirm the mail' })),
    ]);
    expect(answers).toMatchObject([
      { status: 'applied', reason: 'Applied; AWS needs about 300 s until it takes effect.' },
      { status: 'applied', reason: 'Applied; it takes effect after a manual step: confirm the mail' },
    ]);
  });

  test('a fix that cannot be verified fails, and publishes the steps that were done', async () => {
    let reads = 0;
    const answers = [
      on(S3Client, GetBucketVersioningCommand, () => {
        reads += 1;
        if (reads > 1) throw awsError('SlowDown', 'slow', 503);
        return {};
      }),
    ];
    const { remediate, finished, s3, table } = setUp({ answers });
    const answer = await remediate(samplePayload());
    expect(answer).toMatchObject({
      status: 'failed',
      reason: 'Not compliant after the fix: the resource could not be read (SlowDown: slow)',
    });
    expect(s3.versioning.get('logs')).toBe('Enabled');
    expect(finished()).toMatchObject([{ outcome: 'failed', steps: [{ outcome: { type: 'done' } }] }]);
    expect((await readChange(table, answer.changeId ?? ''))?.entries).toHaveLength(1);
  });

  test('a verified fix is fixed even when AWS Config cannot be asked to evaluate again', async () => {
    const answers = [on(ConfigServiceClient, DescribeConfigRulesCommand, denied)];
    const rule = ruleWith(undefined, { triggers: ['schedule'] });
    const { remediate, finished } = setUp({ rule, answers });
    await expect(remediate(samplePayload())).resolves.toMatchObject({
      status: 'fixed',
      reason:
        'Turn versioning on for logs; AWS Config was not asked to evaluate again (AccessDenied: not you)',
    });
    expect(finished()).toMatchObject([{ outcome: 'fixed', steps: [{}] }]);
  });
});

describe('a transient fault before the first step', () => {
  const unavailable = () => Promise.reject(transient('not-published', 'x'));
  const failing: [string, SetUp][] = [
    ['a fault of the settings', { dependencies: { loadSettings: unavailable } }],
    ['a fault of the stop switch', { dependencies: { isStopped: unavailable } }],
    ['a fault of the exemptions', { dependencies: { loadExemptions: unavailable } }],
    ['throttling of the role', { dependencies: { openSession: unavailable } }],
    [
      'a fault of the state table',
      {
        dependencies: {
          table: { ...memoryTable(), get: unavailable, add: unavailable, put: unavailable },
        },
      },
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
  test.each(failing)('%s is thrown before the first step, and nothing is published', async (_, given) => {
    const { remediate, events, writes } = setUp(given);
    await expect(remediate(samplePayload())).rejects.toBeInstanceOf(Error);
    expect(events).toEqual([]);
    expect(writes()).toEqual([]);
  });

  test('a document that cannot be read for now is edited by the retry of the same execution', async () => {
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

test('a result that cannot be published is thrown, not refused', async () => {
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
])('a violation goes to the owner named by %s', async (_, tags, settings, owner, contact) => {
  const { remediate, s3, finished } = setUp({ settings, answers: [fakeContact(contact)] });
  if (tags) s3.tags.set('logs', tags);
  await remediate(samplePayload());
  expect(finished()).toMatchObject([{ owner }]);
});
