import { expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { engineGrants } from '../../src/aws/engine-grants.ts';
import { evaluateGrants, remediateGrants } from '../../src/rule/rule.ts';
import { createAccountContacts } from '../../src/settings/account-contacts.ts';
import { MODES, parseSettings, type Mode } from '../../src/settings/settings.ts';
import { AuditEvent } from '../../src/audit/audit-event.ts';
import { openJournal, readChange } from '../../src/state/journal.ts';
import { createRecover } from '../../src/remediate/recover.ts';
import type { RecoveryRequest } from '../../src/remediate/recovery-request.ts';
import { createEvaluate } from '../../src/evaluate/evaluate.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, fakeSession, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { tableOf } from '../../src/testing/owned-table.ts';
import { sampleScheduledEvent } from '../../src/testing/sample-events.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';
import { fakeBuckets } from '../../src/testing/fake-buckets.ts';
import { fakeConfig } from '../../src/testing/fake-config.ts';
import { journalHeader } from '../journal-header.ts';
import { JO, days, openDoors } from '../open-doors.ts';

/** A change whose run was interrupted at noon in its only step, and a later sweep. */
const interruptedChange = async (
  status: 'Off' | 'Enabled',
  { answers = [], mode = 'auto' }: { readonly answers?: readonly FakeAnswer[]; readonly mode?: Mode } = {},
) => {
  const table = memoryTable();
  const events: AuditEvent[] = [];
  const journal = await openJournal(table, journalHeader());
  await journal.recordIntent(0, {
    type: 'call',
    operation: 's3:PutBucketVersioning',
    input: { Bucket: 'logs' },
  });
  const session = fakeSession({
    allow: [...engineGrants.evaluate, ...evaluateGrants(exampleRule), ...remediateGrants(exampleRule)],
    answers: [...answers, ...fakeConfig().answers, ...fakeBuckets({ logs: status }).answers],
  });
  const requests: RecoveryRequest[] = [];
  const sweepAt = (time: string) => {
    const shared = {
      loadRule: async () => exampleRule,
      loadSettings: async () => parseSettings(settingsWith({ defaults: { mode } })),
      loadExemptions: async () => [],
      openSession: async () => session,
      contacts: createAccountContacts(),
      publish: async (published: readonly AuditEvent[]) =>
        void events.push(...published.map((event) => AuditEvent.parse(event))),
      now: () => new Date(time),
    };
    const recover = createRecover({
      ...shared,
      isStopped: async () => false,
      table: tableOf('remediation', table),
    });
    return createEvaluate({
      ...shared,
      put: async () => {},
      redeliver: async () => {},
      recover: async (request) => {
        requests.push(request);
        await recover(request);
      },
      table: tableOf('rule', table),
    })(sampleScheduledEvent());
  };
  const finished = () => events.filter(({ type }) => type === 'remediation-finished');
  const header = async () => (await readChange(table, 'change-1'))?.journal.header;
  return { sweepAt, events, requests, finished, header };
};

test.each([
  ['Enabled', 'fixed', 'applied'],
  ['Off', 'failed', 'failed'],
] as const)(
  'the interrupted change of a bucket with versioning %s is published once as %s by the next sweep',
  async (...row) => {
    const [found, outcome, status] = row;
    const { sweepAt, finished, header } = await interruptedChange(found);
    await sweepAt('2026-11-20T12:15:00Z');
    await sweepAt('2026-11-21T12:15:00Z');
    expect(finished()).toMatchObject([{ outcome, changeId: 'change-1', executionId: 'execution-1' }]);
    await expect(header()).resolves.toMatchObject({ status });
  },
);

test.each(MODES)(
  'a change that was interrupted before its mode became %s is finished by the next sweep',
  async (mode) => {
    const { sweepAt, finished, header } = await interruptedChange('Enabled', { mode });
    await sweepAt('2026-11-20T12:15:00Z');
    expect(finished()).toMatchObject([{ outcome: 'fixed', changeId: 'change-1' }]);
    await expect(header()).resolves.toMatchObject({ status: 'applied' });
  },
);

test('a sweep asks once, by place alone, and only while a change is interrupted', async () => {
  const { sweepAt, requests } = await interruptedChange('Enabled');
  await sweepAt('2026-11-20T12:14:59Z');
  await sweepAt('2026-11-20T12:15:00Z');
  await sweepAt('2026-11-21T12:15:00Z');
  const place = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws' };
  expect(requests).toEqual([{ command: 'EXAMPLE_KEEP_VERSIONS', ...place }]);
});

test.each([
  ['an account that is not in the settings', { accountId: '444455556666' }],
  ['a Region that is not in the settings', { region: 'eu-west-9' }],
  ['another partition', { partition: 'aws-cn' }],
])('a request to recover in %s is refused, and no role is assumed', async (_, over) => {
  const doors = openDoors();
  const place = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', ...over };
  const header = journalHeader({ accountId: AccountId.parse(place.accountId), region: place.region });
  await openJournal(doors.table, header);
  doors.state.now = days(1);
  const request = { command: 'EXAMPLE_KEEP_VERSIONS', ...place };
  await expect(doors.recover(request)).rejects.toMatchObject({ kind: 'permanent' });
  expect(doors.opened).toEqual([]);
});

test('an unpublished decision is published by the next recovery of its rule, once', async () => {
  const doors = openDoors();
  const planId = await doors.plan();
  doors.state.isLogUnavailable = true;
  await expect(doors.ask('approve', planId)).rejects.toMatchObject({ kind: 'transient' });
  Object.assign(doors.state, { isLogUnavailable: false, now: days(1) });
  const place = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws' };
  await doors.recover({ command: 'EXAMPLE_KEEP_VERSIONS', ...place });
  await doors.recover({ command: 'EXAMPLE_KEEP_VERSIONS', ...place });
  expect(doors.published('plan-decided')).toMatchObject([{ planId, decision: 'approved', actor: JO }]);
});

test('a change whose run may be alive is left alone by a sweep', async () => {
  const { sweepAt, finished, header } = await interruptedChange('Enabled');
  await sweepAt('2026-11-20T12:14:59Z');
  expect(finished()).toEqual([]);
  await expect(header()).resolves.toMatchObject({ status: 'applying' });
});

test('a change whose resource cannot be read waits for the next sweep, and the failure is published', async () => {
  const denied = () => {
    throw awsError('AccessDenied', 'not you', 403);
  };
  const answers = [{ operation: 'GetBucketVersioning', answer: denied }];
  const { sweepAt, events, header } = await interruptedChange('Enabled', { answers });
  await sweepAt('2026-11-20T12:15:00Z');
  expect(events.filter(({ type }) => type === 'evaluation-failed')).not.toEqual([]);
  await expect(header()).resolves.toMatchObject({ status: 'applying' });
});
