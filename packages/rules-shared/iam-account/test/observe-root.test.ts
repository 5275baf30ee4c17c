import { GetAccountSummaryCommand, IAMClient, type SummaryKeyType } from '@aws-sdk/client-iam';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { observeRoot } from '../src/observe-root.ts';

const accountWith = (SummaryMap: Partial<Record<SummaryKeyType, number>>) =>
  fakeSession({
    allow: ['iam:GetAccountSummary'],
    answers: [on(IAMClient, GetAccountSummaryCommand, () => ({ SummaryMap }))],
  });

const NONE = { AccountPasswordPresent: 0, AccountAccessKeysPresent: 0, AccountMFAEnabled: 0 };

const observe = observeRoot((root) => root);
const read = async (session: ReturnType<typeof accountWith>) =>
  (await observe.get({ resourceType: 'AWS::::Account', resourceId: session.accountId }, { session }))?.facts;

test('the rules of a sweep read the summary of the account once, and a verification reads it live', async () => {
  const session = accountWith(NONE);
  const sweep = () => Array.fromAsync(observe.list({ session }));
  await expect(Promise.all([sweep(), sweep()])).resolves.toHaveLength(2);
  expect(session.sent).toHaveLength(1);
  await read(session);
  expect(session.sent).toHaveLength(2);
});

test('a count above one is as present as one', async () => {
  await expect(
    read(accountWith({ AccountPasswordPresent: 1, AccountAccessKeysPresent: 2, AccountMFAEnabled: 1 })),
  ).resolves.toEqual({ hasPassword: true, hasAccessKeys: true, hasMfa: true });
});

test('a summary without a count of passwords leaves open that root has one', async () => {
  await expect(read(accountWith({ AccountAccessKeysPresent: 0, AccountMFAEnabled: 0 }))).resolves.toEqual({
    hasPassword: true,
    hasAccessKeys: false,
    hasMfa: false,
  });
});

test.for(['AccountAccessKeysPresent', 'AccountMFAEnabled'] as const)(
  'a summary without %s is a failure, not a verdict',
  async (name) => {
    await expect(read(accountWith({ ...NONE, [name]: undefined }))).rejects.toMatchObject({
      code: 'incomplete-answer',
      kind: 'permanent',
    });
  },
);
