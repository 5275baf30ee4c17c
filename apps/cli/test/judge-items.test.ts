import { AccountId } from '@compliance/core';
import { exampleRule, fakeSession } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { judgeItems, type ItemOptions } from '../src/commands/scan/items/judge-items.ts';
import type { RecordedAccount, Recorder, Row } from '../src/commands/scan/items/recorded.ts';

const ACCOUNT = AccountId.parse('111122223333');
const CAPTURED = '2026-11-30T09:00:00.000Z';
const RECORDING: Recorder = { state: 'recording', group: { allSupported: true } };

const row = (resourceId: string, awsRegion: string): Row => ({
  awsRegion,
  resourceType: exampleRule.resourceType,
  resourceId,
  configurationItemCaptureTime: CAPTURED,
});

/** The item of a bucket without versions. */
const itemOf = ({ awsRegion, resourceType, resourceId }: Row) => ({
  accountId: ACCOUNT,
  awsRegion,
  resourceType,
  resourceId,
  configurationItemStatus: 'OK',
  configurationItemCaptureTime: CAPTURED,
  configuration: '{}',
  supplementaryConfiguration: { BucketVersioningConfiguration: '{"status":"Off"}' },
});

/** Judges the example rule in these Regions. */
const judged = async (
  recorders: Readonly<Record<string, Recorder>>,
  rows: RecordedAccount['rows'],
  options: Partial<ItemOptions> = {},
) => {
  const found: string[] = [];
  const unreadable: string[] = [];
  const { uncovered } = await judgeItems({
    recorded: {
      together: (regions) => regions.map((region) => [region]),
      recorders: async () => new Map(Object.entries(recorders)),
      rows,
      items: async (asked) => asked.map(itemOf),
    },
    units: Object.keys(recorders).map((region) => ({
      rule: exampleRule,
      region,
      parameters: exampleRule.parameters.parse({}),
    })),
    session: fakeSession({ allow: [], answers: [] }),
    account: { id: ACCOUNT, name: 'one', groups: [] },
    exemptions: [],
    exemptionMaxDays: 90,
    exclusions: [],
    now: new Date('2026-11-30T12:00:00Z'),
    live: false,
    onFindings: (findings) => {
      for (const { region, resourceId } of findings) found.push(`${region} ${resourceId}`);
    },
    onUnreadable: ({ region = '', message }) => void unreadable.push(`${region} ${message}`),
    onUndecided: () => {},
    ...options,
  });
  return {
    found,
    unreadable,
    uncovered: uncovered.map(({ unit, reason }) => `${unit.region} ${reason}`),
  };
};

test('what a stopped recorder left behind is not asked for', async () => {
  const asked: string[] = [];
  const result = await judged(
    { 'eu-west-1': { state: 'off', reason: 'the recorder is stopped' }, 'us-east-1': RECORDING },
    async function* (_, regions) {
      asked.push(...regions);
      yield regions.map((region) => row('bucket', region));
    },
  );
  expect(asked).toEqual(['us-east-1']);
  expect(result).toEqual({
    found: ['us-east-1 bucket'],
    unreadable: [],
    uncovered: ['eu-west-1 the recorder is stopped'],
  });
});

test('where a recorder is not known, only a type of which it has a resource is covered', async () => {
  const { found, uncovered } = await judged(
    { 'eu-west-1': { state: 'unknown' }, 'us-east-1': { state: 'unknown' } },
    async function* (_, regions) {
      if (regions.includes('us-east-1')) yield [row('bucket', 'us-east-1')];
    },
  );
  expect(found).toEqual(['us-east-1 bucket']);
  expect(uncovered).toEqual(['eu-west-1 nothing shows that it is recorded']);
});

test.each([
  { when: 'before anything is judged', rows: 0, live: true, uncovered: 1, unreadable: 0 },
  // A live look would judge the first hundred twice.
  { when: 'after a part is judged', rows: 100, live: true, uncovered: 0, unreadable: 1 },
  { when: 'and no live look may follow', rows: 0, live: false, uncovered: 1, unreadable: 1 },
])('records that cannot be read $when cost no resource two verdicts, and are named', async (given) => {
  const result = await judged(
    { 'eu-west-1': RECORDING },
    async function* (_, [region = '']) {
      if (given.rows > 0)
        yield Array.from({ length: given.rows }, (_row, index) => row(`b-${index}`, region));
      throw new Error('ThrottlingException');
    },
    { live: given.live },
  );
  expect(result.found).toHaveLength(given.rows);
  expect(result.uncovered).toHaveLength(given.uncovered);
  expect(result.unreadable).toHaveLength(given.unreadable);
  for (const text of [...result.uncovered, ...result.unreadable])
    expect(text).toContain('ThrottlingException');
});

test('an interrupt ends the reading of records after the page that it is at', async () => {
  const interrupt = new AbortController();
  const { found } = await judged(
    { 'eu-west-1': RECORDING, 'us-east-1': RECORDING },
    async function* (_, [region = '']) {
      yield Array.from({ length: 100 }, (_row, index) => row(`b-${index}`, region));
      interrupt.abort();
      yield [row('later', region)];
      yield [row('last', region)];
    },
    { signal: interrupt.signal },
  );
  expect(found).toHaveLength(100);
});
