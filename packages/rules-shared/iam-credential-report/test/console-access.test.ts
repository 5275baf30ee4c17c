import { IAMClient } from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';

import { readMfa, readPassword } from '../src/console-access.ts';
import { iamWith } from '../src/testing/fake-iam.ts';

const user = {
  userName: 'ann',
  Arn: 'arn:aws:iam::111122223333:user/ann',
  created: '2026-01-01T00:00:00.000Z',
  passwordLastUsed: '2026-03-04T05:06:07.000Z',
};
const allow = ['iam:GetLoginProfile', 'iam:ListMFADevices'];

test.for([
  [undefined, null],
  ['2026-02-03T04:05:06.789Z', { created: '2026-02-03T04:05:06.000Z', lastUsed: '2026-03-04' }],
  // An earlier password was used.
  ['2026-03-05T00:00:00.000Z', { created: '2026-03-05T00:00:00.000Z', lastUsed: null }],
] as const)('the password made at %s is %j', async ([password, expected]) => {
  const client = iamWith({ allow, ...(password && { password }) }).client(IAMClient);
  await expect(readPassword(user, client)).resolves.toEqual(expected);
});

test('a password that was never used has no last use', async () => {
  const client = iamWith({ allow, password: '2026-02-03T04:05:06.000Z' }).client(IAMClient);
  await expect(readPassword({ ...user, passwordLastUsed: null }, client)).resolves.toMatchObject({
    lastUsed: null,
  });
});

test.for([true, false])('a user with an MFA device: %s', async (mfa) => {
  await expect(readMfa(user, iamWith({ allow, mfa }).client(IAMClient))).resolves.toBe(mfa);
});

test('a password or an MFA device that may not be read is a failure, not an absent one', async () => {
  const client = iamWith({ allow: [] }).client(IAMClient);
  await expect(readPassword(user, client)).rejects.toThrow('iam:GetLoginProfile');
  await expect(readMfa(user, client)).rejects.toThrow('iam:ListMFADevices');
});
