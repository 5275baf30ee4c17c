import { AccountId, createSession, type Rule } from '@compliance/core';
import { exampleRule } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { scanAccount } from '../src/commands/scan/scan-account.ts';
import { createSharedReads } from '../src/commands/scan/shared-reads.ts';

const ACCOUNT = AccountId.parse('111122223333');
const BUCKETS = Array.from({ length: 1000 }, (_, index) => ({ Name: `bucket-${index}` }));

/** Scans an account of many buckets with these rules. */
const scanned = async (rules: readonly Rule[]) => {
  const calls: Record<string, number> = {};
  const unreadable: string[] = [];
  let verdicts = 0;
  await scanAccount({
    units: rules.map((rule) => ({ rule, region: 'eu-west-1', parameters: rule.parameters.parse({}) })),
    session: createSession({
      accountId: ACCOUNT,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
      share: createSharedReads(),
      intercept: async (operation) => {
        calls[operation] = (calls[operation] ?? 0) + 1;
        return operation === 'ListBuckets' ? { Buckets: BUCKETS } : { ResourceTagMappingList: [] };
      },
    }),
    account: { id: ACCOUNT, name: 'one', groups: [] },
    exemptions: [],
    exemptionMaxDays: 90,
    exclusions: [],
    now: new Date('2026-11-30T12:00:00Z'),
    readTags: true,
    onFindings: (findings) => void (verdicts += findings.length),
    onUnreadable: ({ message }) => void unreadable.push(message),
  });
  return { calls, verdicts, unreadable };
};

const named = (
  command: string,
  list: Rule['observe']['list'] = (context) => exampleRule.observe.list(context),
): Rule => ({
  ...exampleRule,
  command,
  observe: { ...exampleRule.observe, list },
});

test('rules of one resource type read each resource once, though few answers are kept', async () => {
  const rules = ['EXAMPLE_ONE', 'EXAMPLE_TWO', 'EXAMPLE_THREE'].map((command) => named(command));
  await expect(scanned(rules)).resolves.toEqual({
    calls: { ListBuckets: 1, GetBucketVersioning: BUCKETS.length, GetResources: 1 },
    verdicts: 3 * BUCKETS.length,
    unreadable: [],
  });
});

test('a rule whose list fails does not hold the others of its type', async () => {
  const failing = named('EXAMPLE_FAILING', async function* (context) {
    yield* (await Array.fromAsync(exampleRule.observe.list(context))).slice(0, 10);
    throw new Error('no more');
  });
  const { verdicts, unreadable } = await scanned([named('EXAMPLE_ONE'), failing]);
  expect(verdicts).toBe(BUCKETS.length + 10);
  expect(unreadable).toEqual(['no more']);
});
