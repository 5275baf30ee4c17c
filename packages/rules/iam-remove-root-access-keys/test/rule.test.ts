import { GetAccountSummaryCommand, IAMClient, type SummaryKeyType } from '@aws-sdk/client-iam';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const accountWith = (SummaryMap: Partial<Record<SummaryKeyType, number>>) =>
  fakeSession({
    allow: rule.permissions.list,
    answers: [on(IAMClient, GetAccountSummaryCommand, () => ({ SummaryMap }))],
  });

test('an account has one verdict, on its 12-digit id, even when root has no credential at all', async () => {
  const session = accountWith({
    AccountPasswordPresent: 0,
    AccountAccessKeysPresent: 0,
    AccountMFAEnabled: 0,
  });
  await expect(Array.fromAsync(rule.observe.list({ session }))).resolves.toEqual([
    {
      resource: { resourceType: 'AWS::::Account', resourceId: '111122223333' },
      facts: { hasAccessKeys: false },
    },
  ]);
});

test('a person gets the command that deletes the key of a member account', () => {
  expect(rule.guidance).toContain('aws sts assume-root');
  expect(rule.guidance).toContain('aws iam delete-access-key');
  expect(rule).not.toHaveProperty('fix');
});
