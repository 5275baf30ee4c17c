import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type InputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { permanent, transient } from '../../src/base/errors.ts';
import { engineGrants } from '../../src/aws/engine-grants.ts';
import { evaluateGrants, remediateGrants } from '../../src/rule/rule.ts';
import { createAccountContacts } from '../../src/settings/account-contacts.ts';
import { parseExemptions } from '../../src/settings/exemptions.ts';
import { parseSettings, type Mode } from '../../src/settings/settings.ts';
import type { AuditEvent } from '../../src/audit/audit-event.ts';
import { cloudWatchLogsPublisher } from '../../src/audit/cloudwatch-logs-publisher.ts';
import { deliverOrKeep, type Deliver, type Sink } from '../../src/audit/publisher.ts';
import { shouldNotify } from '../../src/audit/should-notify.ts';
import { shownDigestOf, type PlanRecord } from '../../src/state/plan-record.ts';
import { listPlans } from '../../src/state/plans.ts';
import type { Table } from '../../src/state/table.ts';
import {
  keepUndelivered,
  listDeadLetters,
  redeliver,
  replayDeadLetter,
} from '../../src/state/undelivered.ts';
import { putEvaluations } from '../../src/config/put-evaluations.ts';
import { createEvaluate } from '../../src/evaluate/evaluate.ts';
import { createRecover } from '../../src/remediate/recover.ts';
import { createOperate } from '../../src/operate/operate.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { fakeSession, on } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { tableOf } from '../../src/testing/owned-table.ts';
import { sampleScheduledEvent } from '../../src/testing/sample-events.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';
import { fakeBuckets } from '../../src/testing/fake-buckets.ts';
import { fakeConfig } from '../../src/testing/fake-config.ts';
import { JO, NOON, days } from '../open-doors.ts';

const DAY_MS = 86_400_000;

/** Both functions over real sinks: the log refuses what AWS refuses, and each sink may be away or refuse an event. */
const setUp = (
  buckets: Parameters<typeof fakeBuckets>[0] = { 'demo-logs': 'Off' },
  mode: Mode = 'approve',
) => {
  const state = { now: NOON, away: new Set<string>(), refuses: false, isTableAway: false, isKilled: false };
  const s3 = fakeBuckets(buckets);
  const config = fakeConfig();
  const lines: InputLogEvent[] = [];
  const session = fakeSession({
    allow: [
      ...engineGrants.evaluate,
      ...engineGrants.remediate,
      ...evaluateGrants(exampleRule),
      ...remediateGrants(exampleRule),
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ],
    answers: [
      ...config.answers,
      ...s3.answers,
      on(CloudWatchLogsClient, CreateLogStreamCommand, () => ({})),
      on(CloudWatchLogsClient, PutLogEventsCommand, ({ logEvents = [] }) => {
        const isOld = ({ timestamp = 0 }) => timestamp < state.now.getTime() - 14 * DAY_MS;
        lines.push(...logEvents.filter((line) => !isOld(line)));
        const tooOldLogEventEndIndex = logEvents.filter(isOld).length;
        return tooOldLogEventEndIndex > 0 ? { rejectedLogEventsInfo: { tooOldLogEventEndIndex } } : {};
      }),
    ],
  });
  const notified: AuditEvent[] = [];
  const unlessAway =
    (name: string, deliver: Deliver): Deliver =>
    async (events) => {
      if (state.away.has(name)) throw transient('not-published', `The ${name} is away.`);
      return deliver(events);
    };
  const log = cloudWatchLogsPublisher({
    client: session.client(CloudWatchLogsClient),
    logGroupName: 'audit',
    logStreamName: 'instance-1',
    now: () => state.now,
  });
  const topic: Deliver = async (events) => {
    const wanted = events.filter(shouldNotify);
    if (state.refuses)
      return wanted.map((event) => ({ event, error: permanent('messages-refused', 'Odd.') }));
    notified.push(...wanted);
    return [];
  };
  const sinks: readonly Sink[] = [
    { name: 'log', deliver: unlessAway('log', log) },
    { name: 'topic', deliver: unlessAway('topic', topic) },
  ];
  const memory = memoryTable();
  const assertReachable = () => {
    if (state.isTableAway) throw transient('not-published', 'The table is away.');
  };
  const table: Table = {
    ...memory,
    get: async (...key) => {
      assertReachable();
      return memory.get(...key);
    },
    put: async (write) => {
      assertReachable();
      return memory.put(write);
    },
    query: async function* (pk) {
      assertReachable();
      yield* memory.query(pk);
    },
  };
  const now = () => state.now;
  const publish = deliverOrKeep(sinks, keepUndelivered(table, now));
  const dependencies = {
    loadRule: async () => exampleRule,
    loadSettings: async () => parseSettings(settingsWith({ defaults: { mode } })),
    loadExemptions: async () => parseExemptions({ exemptions: [] }),
    openSession: async () => session,
    contacts: createAccountContacts(),
    publish: (events: readonly AuditEvent[]) => {
      if (state.isKilled) throw transient('not-published', 'Killed.');
      return publish(events);
    },
    redeliver: (scope: Parameters<typeof redeliver>[1]) => redeliver(table, scope, { sinks, now }),
    put: putEvaluations,
    table,
    now,
    isStopped: async () => false,
    verifyCaller: async () => ({
      arn: JO,
      accountId: AccountId.parse('999988887777'),
      signature: `${now().toISOString()}-${session.sent.length}`,
    }),
  };
  const evaluate = createEvaluate({
    ...dependencies,
    table: tableOf('rule', table),
    recover: async (request) => void (await createRecover(dependencies)(request)),
  });
  const operate = createOperate(dependencies);
  const sweepAt = (time: Date) => {
    state.now = time;
    return evaluate(
      sampleScheduledEvent({ invokingEvent: { notificationCreationTime: time.toISOString() } }),
      { awsRequestId: time.toISOString() },
    );
  };
  const logged = () => lines.map(({ message = '' }) => JSON.parse(message) as AuditEvent);
  return { state, s3, config, table, sinks, lines, logged, notified, evaluate, operate, sweepAt };
};

const typesOf = (events: readonly AuditEvent[]) => events.map(({ type }) => type);
const verdictsIn = (events: readonly AuditEvent[]) =>
  events.flatMap((event) =>
    event.type === 'resource-evaluated' ? [`${event.resource?.resourceId}: ${event.complianceType}`] : [],
  );

const minutesLater = (time: Date, minutes: number) => new Date(time.getTime() + minutes * 60_000);

const unpublishedNotes = async (table: Table) => {
  const rows = table.query('unpublished#111122223333#eu-west-1#EXAMPLE_KEEP_VERSIONS');
  return (await Array.fromAsync(rows)).map(({ data }) => data);
};

const approvalOf = (record: PlanRecord | undefined) => ({
  action: 'approve',
  id: record?.plan.id,
  shown: record && shownDigestOf(record),
  proof: JO,
  executionId: 'e-1',
});

test('a finding that comes back after weeks is shown, planned and approved, although its first plan was never told', async () => {
  const { state, s3, config, table, operate, sweepAt, logged, lines } = setUp();
  state.away = new Set(['log', 'topic']);
  await sweepAt(days(0));
  s3.versioning.set('demo-logs', 'Enabled');
  // No sweep finds the sinks there until the finding is back.
  await sweepAt(days(1));
  s3.versioning.set('demo-logs', 'Off');
  state.away = new Set();
  await sweepAt(days(20));

  expect(config.shown.get('demo-logs')).toMatchObject({ type: 'NON_COMPLIANT' });
  const [plan] = await Array.fromAsync(listPlans(table));
  await expect(operate(approvalOf(plan))).resolves.toMatchObject({ status: 'approved' });
  const first = logged().find(({ type, time }) => type === 'plan-created' && time === NOON.toISOString());
  const line = lines.find(({ message }) => message === JSON.stringify(first));
  expect(line?.timestamp).toBe(days(20).getTime());
  expect(verdictsIn(logged())).toEqual(
    expect.arrayContaining(['demo-logs: NON_COMPLIANT', 'demo-logs: COMPLIANT', 'demo-logs: NON_COMPLIANT']),
  );
});

test('a sink that is away gets its events by the next sweep, once, and the others got them at once', async () => {
  const { state, sweepAt, logged, notified, table } = setUp();
  state.away = new Set(['log']);
  await sweepAt(days(0));
  expect(typesOf(notified)).toContain('plan-created');
  expect(logged()).toEqual([]);
  state.away = new Set();
  await sweepAt(days(1));
  expect(typesOf(logged()).toSorted()).toEqual([
    'plan-created',
    'resource-evaluated',
    'sweep-completed',
    'sweep-completed',
  ]);
  expect(typesOf(notified).filter((type) => type === 'plan-created')).toHaveLength(1);
  await expect(Array.fromAsync(listDeadLetters(table))).resolves.toEqual([]);
});

test('a message that is refused for good is a dead letter, and blocks neither verdict, plan nor approval', async () => {
  const { state, config, table, operate, sweepAt, sinks, notified } = setUp();
  state.refuses = true;
  await sweepAt(days(0));
  expect(config.puts.flat()).toEqual(['demo-logs: NON_COMPLIANT, Versioning is Off.']);
  const [plan] = await Array.fromAsync(listPlans(table));
  await expect(operate(approvalOf(plan))).resolves.toMatchObject({ status: 'approved' });
  const letters = await Array.fromAsync(listDeadLetters(table));
  expect(
    letters.map(({ sink, error, events }) => [sink, error, ...typesOf(events)].join(' ')).toSorted(),
  ).toEqual(['topic Odd. plan-created', 'topic Odd. plan-decided']);

  const topic = sinks.find(({ name }) => name === 'topic');
  if (!topic) throw new Error('There is no topic.');
  const replay = async () =>
    Promise.all(
      (await Array.fromAsync(listDeadLetters(table))).map((one) => replayDeadLetter(table, one, topic)),
    );
  await expect(replay()).resolves.toEqual(['Odd.', 'Odd.']);
  state.refuses = false;
  await expect(replay()).resolves.toEqual([undefined, undefined]);
  expect(typesOf(notified).toSorted()).toEqual(['plan-created', 'plan-decided']);
  await expect(Array.fromAsync(listDeadLetters(table))).resolves.toEqual([]);
});

test('verdicts that a sweep sent and did not publish are published by the next one, gone resources included', async () => {
  const { state, config, s3, sweepAt, logged } = setUp({ a: 'Enabled', b: 'Enabled' });
  await sweepAt(days(0));
  s3.versioning.delete('b');
  s3.versioning.set('a', 'Suspended');
  s3.versioning.set('c', 'Enabled');
  state.isKilled = true;
  await expect(sweepAt(days(1))).rejects.toMatchObject({ kind: 'transient' });
  expect(config.puts.at(-1)?.toSorted()).toEqual([
    'a: NON_COMPLIANT, Versioning is Suspended.',
    'b: NOT_APPLICABLE, The resource is gone.',
    'c: COMPLIANT',
  ]);
  state.isKilled = false;
  const before = logged().length;
  await sweepAt(days(2));
  expect(verdictsIn(logged().slice(before)).toSorted()).toEqual([
    'a: NON_COMPLIANT',
    'b: NOT_APPLICABLE',
    'c: COMPLIANT',
  ]);
  const after = logged().length;
  await sweepAt(days(3));
  expect(verdictsIn(logged().slice(after))).toEqual([]);
});

test('a plan whose run ended before it was published is published by the next sweep, although its violation is gone', async () => {
  const { state, s3, table, sweepAt, logged } = setUp();
  state.isKilled = true;
  await expect(sweepAt(days(0))).rejects.toMatchObject({ kind: 'transient' });
  state.isKilled = false;
  s3.versioning.set('demo-logs', 'Enabled');
  // The first run may still be alive.
  await sweepAt(minutesLater(days(0), 14));
  expect(typesOf(logged())).not.toContain('plan-created');
  await sweepAt(days(1));
  await sweepAt(days(2));
  expect(typesOf(logged()).filter((type) => type === 'plan-created')).toHaveLength(1);
  await expect(Array.fromAsync(listPlans(table))).resolves.toMatchObject([{ status: 'open' }]);
  await expect(unpublishedNotes(table)).resolves.toEqual([]);
});

test('a decision whose run ended before it was published is published by the next sweep, although its violation is gone', async () => {
  const { state, s3, table, operate, sweepAt, logged } = setUp();
  await sweepAt(days(0));
  await expect(unpublishedNotes(table)).resolves.toEqual([]);
  const [plan] = await Array.fromAsync(listPlans(table));
  state.isKilled = true;
  await expect(operate(approvalOf(plan))).rejects.toMatchObject({ kind: 'transient' });
  await expect(unpublishedNotes(table)).resolves.toMatchObject([{ planId: plan?.plan.id, kind: 'decision' }]);
  state.isKilled = false;
  s3.versioning.set('demo-logs', 'Enabled');
  await sweepAt(days(1));
  await sweepAt(days(2));
  expect(typesOf(logged()).filter((type) => type === 'plan-decided')).toHaveLength(1);
  await expect(unpublishedNotes(table)).resolves.toEqual([]);
});

test('verdicts are sent and published while the table is away', async () => {
  const { state, config, sweepAt, logged } = setUp();
  state.isTableAway = true;
  await expect(sweepAt(days(0))).rejects.toMatchObject({ kind: 'transient' });
  expect(config.puts.flat()).toEqual(['demo-logs: NON_COMPLIANT, Versioning is Off.']);
  expect(verdictsIn(logged())).toEqual(['demo-logs: NON_COMPLIANT']);
});

test('a sweep that only observes needs no table', async () => {
  const { state, config, sweepAt, logged } = setUp({ 'demo-logs': 'Off' }, 'observe');
  state.isTableAway = true;
  await sweepAt(days(0));
  expect(config.puts.flat()).toEqual(['demo-logs: NON_COMPLIANT, Versioning is Off.']);
  expect(typesOf(logged())).toEqual(['resource-evaluated', 'sweep-completed']);
});
