import {
  GetAccountPasswordPolicyCommand,
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
  type PasswordPolicy as ApiPasswordPolicy,
} from '@aws-sdk/client-iam';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { observePasswordPolicy } from '../src/observe-password-policy.ts';
import { PASSWORD_POLICY_PERMISSIONS, passwordPolicy } from '../src/password-policy.ts';
import { tightenPasswordPolicy } from '../src/tighten-password-policy.ts';

const { get, fix } = PASSWORD_POLICY_PERMISSIONS;

/** A stateful fake, which stores the policy as it is written. */
const accountWith = (policy: ApiPasswordPolicy) => {
  let live = policy;
  return fakeSession({
    allow: [...get, ...fix],
    answers: [
      on(IAMClient, GetAccountPasswordPolicyCommand, () => ({ PasswordPolicy: live })),
      on(IAMClient, UpdateAccountPasswordPolicyCommand, (input) => {
        live = input;
        return {};
      }),
    ],
  });
};

describe('the document', () => {
  test('an unset member of the password policy is left out when it is read and written', async () => {
    const session = accountWith({ MinimumPasswordLength: 9, MaxPasswordAge: 0, ExpirePasswords: false });
    const policy = await passwordPolicy.read('', session);
    expect(policy).toEqual({ ...passwordPolicy.defaults, MinimumPasswordLength: 9 });
    await passwordPolicy.write('', policy ?? passwordPolicy.defaults, session);
    expect(session.sent.at(-1)?.input).toEqual(policy);
  });

  test('an age beside ExpirePasswords false is not in force, and no edit brings it into force', async () => {
    const session = accountWith({ MinimumPasswordLength: 9, MaxPasswordAge: 90, ExpirePasswords: false });
    const policy = await passwordPolicy.read('', session);
    expect(policy).toEqual({ ...passwordPolicy.defaults, MinimumPasswordLength: 9 });
  });

  test('a password policy that may not be read is a failure, not an absent policy', async () => {
    const session = fakeSession({
      allow: get,
      answers: [
        on(IAMClient, GetAccountPasswordPolicyCommand, () => {
          throw awsError('AccessDenied', 'no', 403);
        }),
      ],
    });
    await expect(passwordPolicy.read('', session)).rejects.toThrow('no');
  });
});

test('the rules of a sweep read the password policy once, and a fix reads it live', async () => {
  const session = accountWith({ MinimumPasswordLength: 9 });
  const observe = observePasswordPolicy(({ policy }) => policy.MinimumPasswordLength);
  const sweep = () => Array.fromAsync(observe.list({ session }));
  await expect(Promise.all([sweep(), sweep()])).resolves.toMatchObject([[{ facts: 9 }], [{ facts: 9 }]]);
  expect(session.sent).toHaveLength(1);

  await observe.get({ resourceType: 'AWS::::Account', resourceId: session.accountId }, { session });
  expect(session.sent).toHaveLength(2);
});

describe('tightening', () => {
  const apply = (custom: boolean) =>
    tightenPasswordPolicy(() => ({ PasswordReusePrevention: 24 }), { custom }).apply(passwordPolicy.defaults);

  test('tightening an account’s own policy keeps all other members', () => {
    expect(apply(true)).toEqual({ ...passwordPolicy.defaults, PasswordReusePrevention: 24 });
  });

  test('the first policy of an account requires three kinds of characters, like the AWS default', () => {
    expect(apply(false)).toEqual({
      ...passwordPolicy.defaults,
      RequireUppercaseCharacters: true,
      RequireLowercaseCharacters: true,
      RequireNumbers: true,
      PasswordReusePrevention: 24,
    });
  });
});
