import { GetBucketVersioningCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { expect, test } from 'vitest';

import { engineGrants } from '../../src/aws/engine-grants.ts';
import { evaluateGrants, type Rule } from '../../src/rule/rule.ts';
import { createAccountContacts } from '../../src/settings/account-contacts.ts';
import { parseExemptions } from '../../src/settings/exemptions.ts';
import { cachedSettings, revisionOf } from '../../src/settings/settings.ts';
import { AuditEvent } from '../../src/audit/audit-event.ts';
import { createEvaluate } from '../../src/evaluate/evaluate.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { fakeSession, on } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { tableOf } from '../../src/testing/owned-table.ts';
import { sampleScheduledEvent } from '../../src/testing/sample-events.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';
import { fakeConfig } from '../../src/testing/fake-config.ts';
import { days } from '../open-doors.ts';

const STORED = settingsWith({ defaults: { mode: 'observe' } });

const setUp = () => {
  const state: { now: Date; rule: Rule } = { now: days(0), rule: exampleRule };
  const session = fakeSession({
    allow: [...engineGrants.evaluate, ...evaluateGrants(exampleRule)],
    answers: [
      ...fakeConfig().answers,
      on(S3Client, ListBucketsCommand, () => ({ Buckets: [{ Name: 'logs' }] })),
      on(S3Client, GetBucketVersioningCommand, () => ({})),
    ],
  });
  const events: AuditEvent[] = [];
  const evaluate = createEvaluate({
    loadRule: async () => state.rule,
    loadSettings: cachedSettings(
      async () => STORED,
      () => state.now,
    ),
    loadExemptions: async () => parseExemptions({ exemptions: [] }),
    openSession: async () => session,
    put: async () => {},
    publish: async (published) => void events.push(...published.map((event) => AuditEvent.parse(event))),
    contacts: createAccountContacts(),
    redeliver: async () => {},
    recover: async () => {},
    table: tableOf('rule', memoryTable()),
    now: () => state.now,
  });
  const sweepAt = async (now: Date) => {
    state.now = now;
    await evaluate(sampleScheduledEvent({ invokingEvent: { notificationCreationTime: now.toISOString() } }));
  };
  const published = (type: AuditEvent['type']) => events.filter((event) => event.type === type);
  return { state, sweepAt, published };
};

test('a verdict says which settings were in force, which rule judged and what it judged by', async () => {
  const { state, sweepAt, published } = setUp();
  const release = { version: '1.2.3', source: 'sha256-1' };
  state.rule = { ...exampleRule, release };
  await sweepAt(days(0));
  expect(published('resource-evaluated')).toMatchObject([
    {
      schemaVersion: 2,
      correlationId: expect.stringMatching(/^finding-[0-9a-f]{16}$/) as string,
      settingsRevision: revisionOf(STORED),
      rule: release,
      facts: { status: 'Off' },
    },
  ]);
  expect(published('sweep-completed')).toMatchObject([
    { durationMs: 0, settingsRevision: revisionOf(STORED) },
  ]);
});

test('a fact that its rule marks as personal is a digest in the ledger, at any depth', async () => {
  const { state, sweepAt, published } = setUp();
  const facts = { users: [{ phone: '+49 1', mfa: true }], contact: { phone: { home: '+49 2' } } };
  state.rule = {
    ...exampleRule,
    facts: z.unknown(),
    personal: ['phone'],
    observe: { ...exampleRule.observe, get: async () => ({ facts }) },
  };
  await sweepAt(days(0));
  const digest = expect.stringMatching(/^digest-[0-9a-f]{16}$/) as string;
  expect(published('resource-evaluated')).toMatchObject([
    { facts: { users: [{ phone: digest, mfa: true }], contact: { phone: digest } } },
  ]);
  expect(JSON.stringify(published('resource-evaluated'))).not.toContain('+49');
});

test('a sweep that the schedule has and that did not run is published by the next one', async () => {
  const { sweepAt, published } = setUp();
  for (const day of [0, 1, 2, 4, 5]) await sweepAt(days(day));
  expect(published('sweep-missed')).toMatchObject([
    { command: 'EXAMPLE_KEEP_VERSIONS', lastSweep: days(2).toISOString(), thisSweep: days(4).toISOString() },
  ]);
});

test('another source of a rule is published once for each time that it is deployed', async () => {
  const { state, sweepAt, published } = setUp();
  for (const [day, source] of ['sha256-1', 'sha256-1', 'sha256-2', 'sha256-2', 'sha256-1'].entries()) {
    state.rule = { ...exampleRule, release: { version: '1.0.0', source } };
    await sweepAt(days(day));
  }
  const deployed = published('rule-deployed');
  expect(deployed).toMatchObject([
    { rule: { source: 'sha256-1' } },
    { rule: { source: 'sha256-2' }, previousSource: 'sha256-1' },
    { rule: { source: 'sha256-1' }, previousSource: 'sha256-2' },
  ]);
  expect(new Set(deployed.map(({ id }) => id)).size).toBe(3);
});
