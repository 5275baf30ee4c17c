import { AssumeRoleCommand, STSClient, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { AccountId } from '@compliance/core';
import { awsError, exampleRule } from '@compliance/core/testing';
import { loadAllRules } from '@compliance/registry';
import { expect, test } from 'vitest';

import { createEntrance, USUAL_ROLES } from '../src/account/enter-account.ts';
import { readOnlyPolicy, sessionPolicyOf } from '../src/account/read-only-policy.ts';

const MANAGEMENT = AccountId.parse('999988887777');
const MEMBER = AccountId.parse('111122223333');
const DELEGATED = AccountId.parse('222233334444');
const START = Date.parse('2026-11-30T12:00:00Z');

/** A fake of STS, whose clock says when credentials expire. */
const fakeSts = (roles: readonly string[], clock: { now: number }, refuse?: () => Error | undefined) => {
  const asked: AssumeRoleCommandInput[] = [];
  const sts = new STSClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  });
  sts.middlewareStack.add(
    () => async (args) => {
      const { input } = new AssumeRoleCommand(args.input as AssumeRoleCommandInput);
      asked.push(input);
      const refusal = refuse?.();
      if (refusal) throw refusal;
      if (!roles.some((role) => input.RoleArn?.endsWith(`role/${role}`) === true))
        throw awsError('AccessDenied', `not authorized: ${input.RoleArn}`, 403);
      const Credentials = {
        AccessKeyId: `key-${asked.length}`,
        SecretAccessKey: 'secret',
        SessionToken: 'token',
        Expiration: new Date(clock.now + 3_600_000),
      };
      return { output: { Credentials, $metadata: {} }, response: undefined };
    },
    { step: 'initialize', name: 'fake' },
  );
  return { sts, asked };
};

const entrance = (
  roles: readonly string[],
  { own = MANAGEMENT, refuse }: { own?: AccountId; refuse?: () => Error | undefined } = {},
) => {
  const clock = { now: START };
  const { sts, asked } = fakeSts(roles, clock, refuse);
  const ownCredentials = async () => ({ accessKeyId: 'own', secretAccessKey: 'own' });
  const enter = createEntrance({
    sts,
    own: { accountId: own, region: 'eu-west-1', partition: 'aws' },
    ownCredentials,
    roles: USUAL_ROLES,
    externalId: 'external',
    managementAccountId: MANAGEMENT,
    sessionPolicy: sessionPolicyOf([exampleRule], 'aws'),
    now: () => clock.now,
  });
  return { enter, asked, clock, ownCredentials };
};

test('every role is assumed with a session policy that reads only', async () => {
  const { enter, asked } = entrance(['OrganizationAccountAccessRole']);
  expect(await enter(MEMBER)).toMatchObject({ role: 'OrganizationAccountAccessRole' });
  expect(asked).toHaveLength(3);
  for (const { Policy, ExternalId } of asked)
    expect({ Policy, ExternalId }).toEqual({
      Policy: JSON.stringify(readOnlyPolicy([exampleRule])),
      ExternalId: 'external',
    });
});

test('the role that let the scan in is tried first in the next account', async () => {
  const { enter, asked } = entrance(['OrganizationAccountAccessRole']);
  await enter(MEMBER);
  await enter(DELEGATED);
  expect(asked).toHaveLength(4);
});

test("the caller's own account is entered with the caller's own credentials", async () => {
  const { enter, asked, ownCredentials } = entrance([]);
  expect(await enter(MANAGEMENT)).toEqual({ credentials: ownCredentials });
  expect(asked).toEqual([]);
});

test('a refusal names each role, and a delegated administrator hears why the administrator role refuses it', async () => {
  const { enter } = entrance([], { own: DELEGATED });
  await expect(enter(MEMBER)).rejects.toThrow(
    new RegExp(
      `${USUAL_ROLES.join('.+')}.+trusts the management account ${MANAGEMENT}, not the delegated administrator ${DELEGATED}`,
    ),
  );
  await expect(enter(MANAGEMENT)).rejects.toThrow('scan it with its own credentials');
});

test('credentials are renewed once, shortly before they expire, for all that ask', async () => {
  const { enter, asked, clock } = entrance(['compliance-evaluate']);
  const { credentials } = await enter(MEMBER);
  expect(await credentials()).toMatchObject({ accessKeyId: 'key-1' });
  clock.now += 56 * 60_000;
  expect(await Promise.all([credentials(), credentials(), credentials()])).toMatchObject([
    { accessKeyId: 'key-2' },
    { accessKeyId: 'key-2' },
    { accessKeyId: 'key-2' },
  ]);
  expect(asked).toHaveLength(2);
});

test("expired credentials of the caller are thrown as they are: they are no account's refusal", async () => {
  const { enter, asked } = entrance([], { refuse: () => awsError('ExpiredToken', 'expired', 403) });
  await expect(enter(MEMBER)).rejects.toMatchObject({ cause: { name: 'ExpiredToken' } });
  expect(asked).toHaveLength(1);
});

test("the policy of all rules is longer than STS accepts, so AWS's ReadOnlyAccess takes its place", async () => {
  expect(sessionPolicyOf(await loadAllRules(), 'aws-cn')).toEqual({
    policyArns: ['arn:aws-cn:iam::aws:policy/ReadOnlyAccess'],
  });
});
