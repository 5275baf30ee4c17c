import { expect, test } from 'vitest';

import { engineGrants } from '../../src/aws/engine-grants.ts';
import { evaluateGrants } from '../../src/rule/rule.ts';
import { createAccountContacts } from '../../src/settings/account-contacts.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { AuditEvent } from '../../src/audit/audit-event.ts';
import { openJournal, readChange } from '../../src/state/journal.ts';
import { createEvaluate } from '../../src/evaluate/evaluate.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, fakeSession, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { sampleScheduledEvent } from '../../src/testing/sample-events.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';
import { fakeBuckets } from '../fake-buckets.ts';
import { fakeConfig } from '../fake-config.ts';
import { journalHeader } from '../journal-header.ts';

/** A change whose run was interrupted at noon in its only step, and a later sweep. */
const interruptedChange = async (status: 'Off' | 'Enabled', answers: readonly FakeAnswer[] = []) => {
  const table = memoryTable();
  const events: AuditEvent[] = [];
  const journal = await openJournal(table, journalHeader());
  await journal.recordIntent(0, {
    type: 'call',
    operation: 's3:PutBucketVersioning',
    input: { Bucket: 'logs' },
  });
  const session = fakeSession({
    allow: [...engineGrants.evaluate, ...evaluateGrants(exampleRule)],
    answers: [...answers, ...fakeConfig().answers, ...fakeBuckets({ logs: status }).answers],
  });
  const sweepAt = (time: string) =>
    createEvaluate({
      loadRule: async () => exampleRule,
      loadSettings: async () => parseSettings(settingsWith({ defaults: { mode: 'auto' } })),
      loadExemptions: async () => [],
      openSession: async () => session,
      put: async () => {},
      contacts: createAccountContacts(),
      redeliver: async () => {},
      publish: async (published) => void events.push(...published.map((event) => AuditEvent.parse(event))),
      table,
      now: () => new Date(time),
    })(sampleScheduledEvent());
  const finished = () => events.filter(({ type }) => type === 'remediation-finished');
  const header = async () => (await readChange(table, 'change-1'))?.journal.header;
  return { sweepAt, events, finished, header };
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
  const { sweepAt, events, header } = await interruptedChange('Enabled', answers);
  await sweepAt('2026-11-20T12:15:00Z');
  expect(events.filter(({ type }) => type === 'evaluation-failed')).not.toEqual([]);
  await expect(header()).resolves.toMatchObject({ status: 'applying' });
});
