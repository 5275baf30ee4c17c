import { describe, expect, test } from 'vitest';

import { asJson } from '../src/base/json.ts';
import { engineGrants } from '../src/aws/engine-grants.ts';
import { evaluateGrants, remediateGrants } from '../src/rule/rule.ts';
import { createAccountContacts } from '../src/settings/account-contacts.ts';
import { parseExemptions } from '../src/settings/exemptions.ts';
import { parseSettings } from '../src/settings/settings.ts';
import type { AuditEvent } from '../src/audit/audit-event.ts';
import { dynamoDbTable } from '../src/state/dynamodb-table.ts';
import { storedPlan } from '../src/state/plan-record.ts';
import { listPlans } from '../src/state/plans.ts';
import type { Table } from '../src/state/table.ts';
import { putEvaluations } from '../src/config/put-evaluations.ts';
import { createRecover } from '../src/remediate/recover.ts';
import { createEvaluate } from '../src/evaluate/evaluate.ts';
import {
  exampleRule,
  fakeSession,
  samplePayload,
  sampleScheduledEvent,
  settingsWith,
  tableOf as tableOfFunction,
} from '../src/testing/index.ts';
import { fakeBuckets } from '../src/testing/fake-buckets.ts';
import { fakeConfig } from '../src/testing/fake-config.ts';
import { fakeEventHistory } from './fake-event-history.ts';
import { JO, SAM, openDoors } from './open-doors.ts';
import { documentRule, fakePolicy, fakeTopics, irreversibleRule } from './stored-format-rules.ts';
import { dynamoDbOf, readFixture, tableOf, type StoredRow } from './stored-table.ts';

interface Expected {
  readonly plans: Readonly<Record<string, string>>;
  readonly changes: Readonly<Record<string, string>>;
  readonly undelivered: Readonly<Record<string, readonly object[]>>;
  readonly world: {
    readonly versioning: Parameters<typeof fakeBuckets>[0];
    readonly passwordPolicy: Parameters<typeof fakePolicy>[0];
    readonly topics: readonly string[];
  };
}

const rows = await readFixture<readonly StoredRow[]>('state-table-1.json');
const { plans, changes, undelivered, world } = await readFixture<Expected>('state-table-1.expected.json');

const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);
const planOf = (bucket: string) => plans[bucket] ?? '';
const changeOf = (bucket: string) => changes[bucket] ?? '';

const PLANNED_AGAIN = 'The next sweep plans the fix again';

interface Opening {
  readonly mode?: string;
  readonly time?: string;
  readonly limits?: object;
  readonly rule?: 'example' | 'document' | 'irreversible';
}

/** The stored table and the fakes of AWS, as the release that wrote the table left them. */
const storedWorld = async () => ({
  table: await tableOf(rows),
  s3: fakeBuckets(world.versioning),
  policy: fakePolicy(world.passwordPolicy),
  sns: fakeTopics(world.topics),
});

/** Both doors of the remediation function over the stored table. */
const openStored = async ({ mode = 'auto', time = '16:00', limits, rule = 'example' }: Opening = {}) => {
  const { table, s3, policy, sns } = await storedWorld();
  const published: unknown[] = [];
  const rules = {
    example: exampleRule,
    document: documentRule(policy.document),
    irreversible: irreversibleRule,
  };
  const doors = openDoors({
    mode,
    rule: rules[rule],
    ...(limits && { settings: { limits } }),
    answers: [fakeEventHistory([]), ...sns.answers, ...s3.answers],
    dependencies: { table, publish: async (events) => void published.push(...events.map(asJson)) },
  });
  doors.state.now = at(time);
  const remediate = (resourceId: string, executionId = 'execution-next') =>
    doors.remediate(samplePayload({ complianceCommand: rules[rule].command, resourceId, executionId }));
  return { ...doors, remediate, published, s3, policy, sns };
};

/** An event without its reason, which the new code words differently, its id, a digest of it, and what is new. */
const withoutReason = (event: unknown) =>
  Object.fromEntries(Object.entries(event as object).filter(([name]) => !OTHERWISE.has(name)));

const OTHERWISE = new Set(['id', 'reason', 'correlationId', 'durationMs']);

describe('an undelivered event of a stored row', () => {
  const deliveries: [
    string,
    Opening,
    (doors: Awaited<ReturnType<typeof openStored>>) => Promise<object>,
    object,
  ][] = [
    [
      'plan-undelivered',
      { mode: 'approve' },
      ({ remediate }) => remediate('plan-undelivered'),
      { status: 'planned', planId: expect.stringMatching(/^plan-/) },
    ],
    [
      'flapping',
      { time: '16:00' },
      ({ remediate }) => remediate('flapping'),
      { status: 'planned', planId: expect.stringMatching(/^plan-/) },
    ],
    [
      'approval-undelivered',
      { mode: 'approve' },
      ({ ask }) => ask('approve', planOf('approval-undelivered')),
      { status: 'refused', reason: expect.stringContaining(PLANNED_AGAIN) },
    ],
    [
      'rejection-undelivered',
      { mode: 'approve' },
      ({ ask }) => ask('reject', planOf('rejection-undelivered')),
      { status: 'rejected', planId: planOf('rejection-undelivered') },
    ],
    [
      'supersession-undelivered',
      { mode: 'approve' },
      ({ ask }) => ask('apply', planOf('supersession-undelivered')),
      { status: 'planned', planId: expect.stringMatching(/^plan-/) },
    ],
    [
      'fix-undelivered',
      {},
      ({ remediate }) => remediate('fix-undelivered', 'fix-fix-undelivered'),
      { status: 'fixed', changeId: changeOf('fix-undelivered') },
    ],
    [
      'apply-undelivered',
      { mode: 'approve' },
      ({ ask }) => ask('apply', planOf('apply-undelivered')),
      { status: 'fixed', planId: planOf('apply-undelivered'), changeId: changeOf('apply-undelivered') },
    ],
    [
      'undo-undelivered',
      {},
      ({ ask }) => ask('undo', changeOf('undo-undelivered')),
      { status: 'undone', changeId: changeOf('undo-undelivered') },
    ],
  ];

  test('each undelivered event of the stored table is delivered by a test', () => {
    expect(deliveries.map(([bucket]) => bucket).toSorted()).toEqual(Object.keys(undelivered));
  });

  test.each(deliveries)(
    'the stored event of %s is published unchanged, once',
    async (bucket, opening, act, answer) => {
      const doors = await openStored(opening);
      await expect(act(doors)).resolves.toMatchObject(answer);
      const stored = undelivered[bucket] ?? [];
      expect(doors.published.slice(0, stored.length)).toEqual(stored);
      doors.published.length = 0;
      await act(doors);
      const ids = doors.published.map((event) => (event as AuditEvent).id);
      for (const event of stored) expect(ids).not.toContain((event as AuditEvent).id);
      expect(doors.writes()).toEqual([]);
    },
  );

  test.each([
    ['approval-undelivered', 'approve', PLANNED_AGAIN],
    ['rejection-undelivered', 'reject', JO],
  ] as const)(
    'the stored event of %s is published when another person asks, who is refused',
    async (bucket, action, reason) => {
      const { ask, published } = await openStored({ mode: 'approve' });
      const answer = await ask(action, planOf(bucket), { as: SAM });
      expect(answer).toMatchObject({ status: 'refused' });
      expect(answer.reason).toContain(reason);
      expect(published.slice(0, -1)).toEqual(undelivered[bucket]);
    },
  );

  test('the stored event of a fix is published before its undo', async () => {
    const { ask, published, s3 } = await openStored();
    await expect(ask('undo', changeOf('fix-undelivered'))).resolves.toMatchObject({ status: 'undone' });
    expect(published.slice(0, -1)).toEqual(undelivered['fix-undelivered']);
    expect(published.at(-1)).toMatchObject({ type: 'change-undone', changeId: changeOf('fix-undelivered') });
    expect(s3.versioning.get('fix-undelivered')).toBe('Suspended');
  });
});

describe('the stored plans', () => {
  const listed = async (table: Table) => {
    const found = await Array.fromAsync(listPlans(table));
    return found
      .map(storedPlan)
      .map(({ plan, status, createdAt, expiresAt, owner, withheld, decision, successor }) => ({
        id: plan.id,
        bucket: plan.resource.resourceId,
        status,
        createdAt,
        expiresAt,
        owner,
        withheld,
        by: decision?.by,
        at: decision?.at,
        reason: decision?.reason,
        successor,
      }));
  };

  test('stored plans are listed with their status and the person who decided', async () => {
    const found = await listed(await tableOf(rows));
    const statusOf = (bucket: string) => found.find(({ id }) => id === planOf(bucket))?.status;
    expect(Object.fromEntries(Object.keys(plans).map((bucket) => [bucket, statusOf(bucket)]))).toEqual({
      applied: 'applied',
      'apply-cut-off': 'applied',
      'apply-undelivered': 'applied',
      'approval-undelivered': 'superseded',
      approved: 'superseded',
      'documents-open': 'superseded',
      flapping: 'superseded',
      irreversible: 'applied',
      open: 'superseded',
      'plan-undelivered': 'superseded',
      rejected: 'rejected',
      'rejection-undelivered': 'rejected',
      superseded: 'superseded',
      'supersession-undelivered': 'superseded',
    });
    expect(found.find(({ bucket }) => bucket === 'rejected')).toEqual({
      id: planOf('rejected'),
      bucket: 'rejected',
      status: 'rejected',
      createdAt: at('10:20').toISOString(),
      expiresAt: '2026-12-04T10:20:00.000Z',
      owner: 'team-prod',
      withheld: expect.stringContaining('approve'),
      by: JO,
      at: at('10:25').toISOString(),
      reason: 'The bucket goes next week.',
      successor: undefined,
    });
  });

  test('stored rows are the same when read from DynamoDB', async () => {
    const table = dynamoDbTable(dynamoDbOf(rows), 'state');
    expect(await listed(table)).toEqual(await listed(await tableOf(rows)));
    const applied = rows.find(({ pk, sk }) => pk === `change#${changeOf('applied')}` && sk === 'change');
    await expect(table.get(applied?.pk ?? '', 'change')).resolves.toEqual(applied);
    const cooldown = rows.find(({ sk }) => sk === 'hold');
    await expect(table.get(cooldown?.pk ?? '', 'hold')).resolves.toEqual({
      ...cooldown,
      expiresAt: new Date((cooldown?.expiresAt ?? 0) * 1000),
    });
  });

  test('a stored plan keeps its steps, handles and code', async () => {
    const found = await Array.fromAsync(listPlans(await tableOf(rows)));
    const stored = rows.find(({ sk }) => sk === planOf('documents-open'));
    expect(stored?.data).toMatchObject({
      plan: found.find(({ plan }) => plan.id === planOf('documents-open'))?.plan ?? 'none',
    });
  });

  test.each(['approve', 'reject', 'apply'] as const)(
    'a stored open or approved plan is refused to %s, because its id does not cover what is shown',
    async (action) => {
      const { ask, table, writes } = await openStored({ mode: 'approve' });
      for (const bucket of ['open', 'approved'])
        await expect(ask(action, planOf(bucket))).resolves.toEqual({
          status: 'refused',
          reason: expect.stringContaining(PLANNED_AGAIN) as string,
        });
      await expect(Array.fromAsync(table.query('decision'))).resolves.toEqual([]);
      expect(writes()).toEqual([]);
    },
  );

  test.each(['open', 'approved'])(
    'a stored plan that is %s is planned again under a new id, and its event names the old one',
    async (bucket) => {
      const { remediate, ask, published, s3, table } = await openStored({ mode: 'approve' });
      const { planId = '' } = await remediate(bucket);
      expect(planId).not.toBe(planOf(bucket));
      expect(s3.versioning.get(bucket)).toBe('Off');
      expect(published).toMatchObject([
        { type: 'plan-created', plan: { id: planId }, replaces: planOf(bucket) },
        { type: 'remediation-finished', outcome: 'planned' },
      ]);
      await expect(ask('approve', planId)).resolves.toMatchObject({ status: 'approved' });
      const { changeId } = await remediate(bucket, 'execution-approved');
      expect((await listed(table)).find(({ id }) => id === planId)).toMatchObject({
        status: 'applied',
        successor: changeId,
        by: JO,
      });
    },
  );

  test('a stored rejected plan stays rejected under its old id, and nothing is planned again', async () => {
    const { remediate, published } = await openStored({ mode: 'approve' });
    await expect(remediate('rejected')).resolves.toMatchObject({
      status: 'planned',
      planId: planOf('rejected'),
    });
    expect(published).toMatchObject([{ type: 'remediation-finished' }]);
  });

  test('an approval that somebody writes into the row of a plan approves nothing', async () => {
    const { remediate, table, writes } = await openStored({ mode: 'approve' });
    const { planId = '' } = await remediate('open');
    const row = await table.get('plan', planId);
    const decision = { by: JO, at: at('16:00').toISOString() };
    const data = { ...(row?.data as object), status: 'approved', decision };
    await table.put({ pk: 'plan', sk: planId, data, expected: row?.version ?? 0 });
    await expect(remediate('open', 'execution-forged')).resolves.toMatchObject({ status: 'refused' });
    expect(writes()).toEqual([]);
  });

  test('a stored rejected plan cannot be approved, and the refusal names the person who rejected it', async () => {
    const { ask } = await openStored({ mode: 'approve' });
    const { status, reason } = await ask('approve', planOf('rejected'));
    expect(status).toBe('refused');
    expect(reason).toContain(JO);
    expect(reason).toContain(at('10:25').toISOString());
  });

  test.each(['superseded', 'supersession-undelivered'])(
    'the stored plan of %s names the plan that supersedes it',
    async (bucket) => {
      const found = await listed(await tableOf(rows));
      const { successor } = found.find(({ id }) => id === planOf(bucket)) ?? {};
      expect(found.find(({ id }) => id === successor)).toMatchObject({ bucket });
    },
  );

  test('a stored superseded plan is not applied', async () => {
    const { ask, writes } = await openStored({ mode: 'approve' });
    const { status, reason } = await ask('apply', planOf('superseded'));
    expect(status).toBe('refused');
    expect(reason).toContain('superseded');
    expect(writes()).toEqual([]);
  });

  test('a stored applied plan names the change that applied it', async () => {
    const found = await listed(await tableOf(rows));
    expect(found.find(({ id }) => id === planOf('applied'))?.successor).toBe(changeOf('applied'));
  });
});

describe('a stored change', () => {
  test.each(['applied', 'apply-undelivered', 'fix-undelivered'])(
    'the stored change of %s is undone',
    async (bucket) => {
      const { ask, published, s3 } = await openStored();
      const changeId = changeOf(bucket);
      await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone', changeId });
      expect(s3.versioning.get(bucket)).toBe('Suspended');
      expect(published.map(withoutReason).at(-1)).toEqual({
        schemaVersion: 2,
        time: at('16:00').toISOString(),
        type: 'change-undone',
        command: 'EXAMPLE_KEEP_VERSIONS',
        severity: 'medium',
        accountId: '111122223333',
        region: 'eu-west-1',
        resource: { resourceType: 'AWS::S3::Bucket', resourceId: bucket },
        owner: 'team-prod',
        executionId: 'operator-1',
        changeId,
        actor: JO,
        outcome: 'undone',
        factsBefore: { status: 'Enabled' },
        factsAfter: { status: 'Suspended' },
      });
    },
  );

  test('a stored change is not undone when somebody changed its resource since', async () => {
    const { ask, s3, writes } = await openStored();
    s3.versioning.set('applied', 'Off');
    await expect(ask('undo', changeOf('applied'))).resolves.toMatchObject({ status: 'refused' });
    expect(writes()).toEqual([]);
  });

  test('a stored undone change is not undone again', async () => {
    const { ask, writes } = await openStored();
    await expect(ask('undo', changeOf('undone'))).resolves.toMatchObject({ status: 'refused' });
    expect(writes()).toEqual([]);
  });

  test('a stored failure counts against its rule', async () => {
    const opening = { time: '12:40', mode: 'auto' };
    const stopped = await openStored({ ...opening, limits: { failuresPerHour: 1 } });
    await expect(stopped.remediate('open')).resolves.toMatchObject({ status: 'planned' });
    const going = await openStored({ ...opening, limits: { failuresPerHour: 2 } });
    await expect(going.remediate('open')).resolves.toMatchObject({ status: 'fixed' });
  });

  test('an undo of a stored irreversible change is refused with the stored reason', async () => {
    const { ask, writes } = await openStored({ rule: 'irreversible' });
    const { status, reason } = await ask('undo', changeOf('irreversible'));
    expect(status).toBe('refused');
    expect(reason).toContain('the lock holds for ten years');
    expect(writes()).toEqual([]);
  });
});

describe('a stored change whose run was interrupted', () => {
  const finished = (bucket: string) => ({
    schemaVersion: 2,
    time: at('16:00').toISOString(),
    type: 'remediation-finished',
    command: 'EXAMPLE_KEEP_VERSIONS',
    accountId: '111122223333',
    region: 'eu-west-1',
    resource: { resourceType: 'AWS::S3::Bucket', resourceId: bucket },
    owner: 'team-prod',
    severity: 'medium',
    outcome: 'fixed',
    planId: expect.stringMatching(/^plan-/),
    changeId: changeOf(bucket),
    factsBefore: { status: 'Off' },
    factsAfter: { status: 'Enabled' },
    steps: [
      {
        intent: {
          type: 'call',
          operation: 's3:PutBucketVersioning',
          input: { Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } },
          undo: {
            operation: 's3:PutBucketVersioning',
            input: { Bucket: bucket, VersioningConfiguration: { Status: 'Suspended' } },
            alreadyDone: [],
          },
        },
        outcome: { type: 'unknown' },
      },
    ],
  });

  test('a stored open change is finished by the next run of the automation and then undone', async () => {
    const { remediate, ask, published, s3, writes } = await openStored();
    await expect(remediate('fix-cut-off')).resolves.toMatchObject({
      status: 'fixed',
      changeId: changeOf('fix-cut-off'),
    });
    expect(published.map(withoutReason)).toEqual([
      { ...finished('fix-cut-off'), executionId: 'fix-fix-cut-off' },
    ]);
    expect(writes()).toEqual([]);
    await expect(ask('undo', changeOf('fix-cut-off'))).resolves.toMatchObject({ status: 'undone' });
    expect(s3.versioning.get('fix-cut-off')).toBe('Suspended');
  });

  test('a stored open change is finished when the person who applied its plan asks again', async () => {
    const { ask, published, writes } = await openStored({ mode: 'approve' });
    await expect(ask('apply', planOf('apply-cut-off'))).resolves.toMatchObject({
      status: 'fixed',
      changeId: changeOf('apply-cut-off'),
    });
    expect(published.map(withoutReason)).toEqual([
      { ...finished('apply-cut-off'), actor: JO, executionId: 'apply-apply-cut-off' },
    ]);
    expect(writes()).toEqual([]);
  });

  test('a stored open change is left alone while its run may be alive', async () => {
    const { ask, writes } = await openStored({ mode: 'approve', time: '11:29' });
    const { status, reason } = await ask('apply', planOf('apply-cut-off'));
    expect(status).toBe('refused');
    expect(reason).toContain(at('11:30').toISOString());
    expect(writes()).toEqual([]);
  });

  test('stored open changes are finished by the next sweep', async () => {
    const { s3, table } = await storedWorld();
    const config = fakeConfig();
    const published: AuditEvent[] = [];
    const shared = {
      loadRule: async () => exampleRule,
      loadSettings: async () => parseSettings(settingsWith({ defaults: { mode: 'approve' } })),
      loadExemptions: async () => parseExemptions({ exemptions: [] }),
      openSession: async () =>
        fakeSession({
          allow: [...engineGrants.evaluate, ...evaluateGrants(exampleRule), ...remediateGrants(exampleRule)],
          answers: [...config.answers, ...s3.answers],
        }),
      publish: async (events: readonly AuditEvent[]) => void published.push(...events),
      contacts: createAccountContacts(),
      now: () => at('16:00'),
    };
    const recover = createRecover({
      ...shared,
      isStopped: async () => false,
      table: tableOfFunction('remediation', table),
    });
    const evaluate = createEvaluate({
      ...shared,
      put: putEvaluations,
      redeliver: async () => {},
      recover: async (request) => void (await recover(request)),
      table: tableOfFunction('rule', table),
    });
    await evaluate(sampleScheduledEvent());
    const ended = published.filter((event) => event.type === 'remediation-finished');
    expect(new Set(ended.map(({ changeId }) => changeId))).toEqual(
      new Set(['apply-cut-off', 'apply-undelivered', 'fix-cut-off', 'fix-undelivered'].map(changeOf)),
    );
    const created = published.filter((event) => event.type === 'plan-created');
    expect(created.map(asJson)).toEqual(
      expect.arrayContaining([
        ...(undelivered['plan-undelivered'] ?? []),
        ...(undelivered['flapping'] ?? []),
      ]),
    );
  });
});

describe('a stored change of several steps', () => {
  const asDocument = (time: string) => openStored({ rule: 'document', time });

  test('an undo waits for the stored lease of its document', async () => {
    const { ask } = await asDocument('14:12');
    await expect(ask('undo', changeOf('documents-fixed'))).rejects.toMatchObject({
      code: 'lease-held',
      message: expect.stringContaining(changeOf('documents-cut-off')) as string,
    });
  });

  test('a stored change of several steps is undone once the lease has ended', async () => {
    const { ask, session, policy, sns, s3 } = await asDocument('16:00');
    await expect(ask('undo', changeOf('documents-fixed'))).resolves.toMatchObject({ status: 'undone' });
    expect(session.sent.filter(({ operation }) => operation === 'DeleteTopic')).toMatchObject([
      { input: { TopicArn: 'arn:aws:sns:us-east-1:111122223333:documents-fixed-versions' } },
    ]);
    expect([...sns.topics]).toEqual(['documents-cut-off-versions']);
    expect(s3.versioning.get('documents-fixed')).toBe('Suspended');
    // What the other change edited stays.
    expect(policy.state.content).toMatchObject({ Statement: [{ Sid: 'Keep-documents-cut-off' }] });
  });

  test('a stored half undone change is undone from where it stopped', async () => {
    const { ask, session, s3 } = await asDocument('16:00');
    await expect(ask('undo', changeOf('documents-half-undone'))).resolves.toMatchObject({ status: 'undone' });
    expect(session.sent.filter(({ operation }) => /^(Put|Delete)/.test(operation))).toMatchObject([
      { operation: 'PutBucketVersioning', input: { Bucket: 'documents-half-undone' } },
    ]);
    expect(s3.versioning.get('documents-half-undone')).toBe('Suspended');
  });

  test('a stored change that was interrupted in its edit is finished, and AWS Config is asked to evaluate again', async () => {
    const { remediate, published, session } = await asDocument('16:00');
    await expect(remediate('documents-cut-off')).resolves.toMatchObject({
      status: 'fixed',
      changeId: changeOf('documents-cut-off'),
    });
    expect(published).toMatchObject([
      {
        outcome: 'fixed',
        executionId: 'fix-documents-cut-off',
        steps: [
          { outcome: { type: 'done' } },
          { outcome: { type: 'already-done' } },
          { intent: { type: 'edit', document: 'iam/password-policy' }, outcome: { type: 'unknown' } },
        ],
      },
    ]);
    expect(session.sent.map(({ operation }) => operation)).toContain('DescribeConfigRules');
  });

  test('a stored change is not undone before the stored end of its run', async () => {
    const early = await asDocument('14:19');
    const { status, reason } = await early.ask('undo', changeOf('documents-cut-off'));
    expect(status).toBe('refused');
    expect(reason).toContain(at('14:20').toISOString());
    // The killed run also left its lease of the document, which ends later.
    const late = await asDocument('14:20');
    const undoLate = () => late.ask('undo', changeOf('documents-cut-off'));
    await expect(undoLate()).rejects.toMatchObject({ code: 'lease-held' });
    late.state.now = at('14:27');
    await expect(undoLate()).resolves.toMatchObject({ status: 'undone' });
  });

  test('a document that only stored changes and a new one wrote is removed by the last undo', async () => {
    const { remediate, ask, policy, sns } = await asDocument('16:00');
    const { changeId = '' } = await remediate('documents-open');
    for (const id of [changeOf('documents-cut-off'), changeOf('documents-fixed'), changeId])
      await expect(ask('undo', id)).resolves.toMatchObject({ status: 'undone' });
    expect(policy.state.content).toBeUndefined();
    // That topic existed before.
    expect([...sns.topics]).toEqual(['documents-cut-off-versions']);
  });

  test('AWS Config is not asked to evaluate again within the stored minute', async () => {
    const { remediate, session, table } = await asDocument('14:02');
    await table.remove('lease#iam/password-policy|111122223333|eu-west-1|', 'lease', 1);
    await expect(remediate('documents-open')).resolves.toMatchObject({ status: 'fixed' });
    expect(session.sent.map(({ operation }) => operation)).not.toContain('DescribeConfigRules');
  });
});

describe('stored limits', () => {
  test('a stored cooldown keeps mode auto from fixing again what a person undid', async () => {
    const { remediate, writes, state } = await openStored();
    const { status, reason } = await remediate('undone');
    expect(status).toBe('planned');
    for (const part of [JO, changeOf('undone'), '2026-11-27T12:20:00.000Z']) expect(reason).toContain(part);
    expect(writes()).toEqual([]);
    state.now = new Date('2026-11-27T12:20:00Z');
    await expect(remediate('undone', 'execution-later')).resolves.toMatchObject({ status: 'fixed' });
  });

  test('a resource with three stored fixes is not fixed a fourth time in a day', async () => {
    const { remediate, state, s3 } = await openStored();
    await expect(remediate('flapping')).resolves.toMatchObject({ status: 'planned' });
    expect(s3.versioning.get('flapping')).toBe('Off');
    state.now = new Date('2026-11-21T13:00:00Z');
    await expect(remediate('flapping', 'execution-later')).resolves.toMatchObject({ status: 'fixed' });
  });

  test.each([
    ['of a rule in an account', 5, (limit: number) => ({ fixesPerHour: { ruleAndAccount: limit } })],
    ['of the organization', 5, (limit: number) => ({ fixesPerHour: { organization: limit } })],
    ['of a share of 40 resources', 5, (limit: number) => ({ sharePerHour: limit / 40 })],
  ])('the stored fixes %s count against the limit of the hour', async (_, made, limits) => {
    const opening = { time: '12:40', mode: 'auto' };
    const full = await openStored({ ...opening, limits: limits(made) });
    await expect(full.remediate('open')).resolves.toMatchObject({ status: 'planned' });
    const free = await openStored({ ...opening, limits: limits(made + 1) });
    await expect(free.remediate('open')).resolves.toMatchObject({ status: 'fixed' });
  });

  test('a stored proof approves no other plan', async () => {
    const { ask, remediate } = await openStored({ mode: 'approve' });
    const { pk = '' } = rows.find((row) => row.pk.startsWith('proof#')) ?? {};
    const signature = pk.replace('proof#', '');
    const { planId = '' } = await remediate('open');
    const answer = await ask('approve', planId, { as: `${JO}#${signature}` });
    expect(answer).toMatchObject({ status: 'refused' });
    const other = await ask('approve', planId, { as: `${JO}#${signature.replaceAll('0', 'f')}` });
    expect(other).toMatchObject({ status: 'approved' });
  });
});
