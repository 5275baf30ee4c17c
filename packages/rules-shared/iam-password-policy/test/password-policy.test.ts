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

const { get: one, fix } = PASSWORD_POLICY_PERMISSIONS;

/** A stateful fake of the policy that keeps what is written, as given. */
const accountWith = (policy: ApiPasswordPolicy) => {
  let live = policy;
  return fakeSession({
    allow: [...one, ...fix],
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
  test('a member that is not set is left out of what is read and of what is written', async () => {
    const session = accountWith({ MinimumPasswordLength: 9, MaxPasswordAge: 0, ExpirePasswords: false });
    const policy = await passwordPolicy.read('', session);
    expect(policy).toEqual({ ...passwordPolicy.defaults, MinimumPasswordLength: 9 });
    await passwordPolicy.write('', policy ?? passwordPolicy.defaults, session);
    expect(session.sent.at(-1)?.input).toEqual(policy);
  });

  test('a policy that may not be read is a failure, not an absent policy', async () => {
    const session = fakeSession({
      allow: one,
      answers: [
        on(IAMClient, GetAccountPasswordPolicyCommand, () => {
          throw awsError('AccessDenied', 'no', 403);
        }),
      ],
    });
    await expect(passwordPolicy.read('', session)).rejects.toThrow('no');
  });
});

test('the rules of a sweep read the policy once together; a fix reads it live', async () => {
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

  test('a policy of the account keeps all other members', () => {
    expect(apply(true)).toEqual({ ...passwordPolicy.defaults, PasswordReusePrevention: 24 });
  });

  test('the first policy of an account asks for three kinds of characters, as the default of AWS did', () => {
    expect(apply(false)).toEqual({
      ...passwordPolicy.defaults,
      RequireUppercaseCharacters: true,
      RequireLowercaseCharacters: true,
      RequireNumbers: true,
      PasswordReusePrevention: 24,
    });
  });
});
