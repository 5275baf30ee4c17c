import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { createEvaluateSessions, createRemediateSessions } from '../../src/aws/assume-role.ts';
import { policyOf } from '../../src/aws/grant.ts';
import { awsError, fakeSession, on } from '../../src/testing/fake-session.ts';

type AssumeInput = ConstructorParameters<typeof AssumeRoleCommand>[0];

const HOUR = 3_600_000;
const start = new Date('2026-11-20T12:00:00Z');
const target = { accountId: AccountId.parse('111122223333'), region: 'eu-west-1', partition: 'aws' };
const other = { ...target, accountId: AccountId.parse('444455556666') };

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => void vi.useRealTimers());

const fakeSts = () => {
  const assumed: AssumeInput[] = [];
  const state: { failure?: Error } = {};
  const session = fakeSession({
    allow: ['sts:AssumeRole'],
    answers: [
      on(STSClient, AssumeRoleCommand, (input) => {
        assumed.push(input);
        if (state.failure) throw state.failure;
        return {
          Credentials: {
            AccessKeyId: `AKIA${assumed.length}`,
            SecretAccessKey: 'secret',
            SessionToken: 'token',
            Expiration: new Date(Date.now() + HOUR),
          },
        };
      }),
    ],
  });
  return { assumed, state, options: { sts: session.client(STSClient), externalId: async () => 'external' } };
};

describe('evaluating sessions', () => {
  test('an evaluating session assumes the evaluating role of the member, with the external id', async () => {
    const { assumed, options } = fakeSts();
    const session = await createEvaluateSessions(options)(target);
    expect(assumed).toEqual([
      {
        RoleArn: 'arn:aws:iam::111122223333:role/compliance-evaluate',
        RoleSessionName: 'compliance-evaluate',
        ExternalId: 'external',
        DurationSeconds: 3600,
      },
    ]);
    expect(session).toMatchObject(target);
    await expect(session.client(S3Client).config.credentials()).resolves.toMatchObject({
      accessKeyId: 'AKIA1',
      sessionToken: 'token',
    });
  });

  test('an evaluating session of another partition assumes the role there', async () => {
    const { assumed, options } = fakeSts();
    await createEvaluateSessions(options)({ ...target, partition: 'aws-cn' });
    expect(assumed[0]?.RoleArn).toBe('arn:aws-cn:iam::111122223333:role/compliance-evaluate');
  });

  test('an account has one evaluating session for all Regions and rules, even for concurrent calls', async () => {
    const { assumed, options } = fakeSts();
    const open = createEvaluateSessions(options);
    const [one, same, elsewhere] = await Promise.all([
      open(target),
      open(target),
      open({ ...target, region: 'us-east-1' }),
    ]);
    expect(assumed).toHaveLength(1);
    expect(same?.client(S3Client)).toBe(one?.client(S3Client));
    expect(elsewhere).toMatchObject({ region: 'us-east-1', accountId: target.accountId });
  });

  test('evaluating sessions of two accounts never share a client', async () => {
    const { assumed, options } = fakeSts();
    const open = createEvaluateSessions(options);
    const [one, two] = [await open(target), await open(other)];
    expect(assumed.map(({ RoleArn }) => RoleArn?.slice(13, 25))).toEqual([target.accountId, other.accountId]);
    expect(one.client(S3Client)).not.toBe(two.client(S3Client));
    await expect(two.client(S3Client).config.credentials()).resolves.toMatchObject({ accessKeyId: 'AKIA2' });
  });

  test('an evaluating session is renewed five minutes before AWS ends it', async () => {
    const { assumed, options } = fakeSts();
    const open = createEvaluateSessions(options);
    const first = await open(target);
    vi.setSystemTime(start.getTime() + 55 * 60_000 - 1);
    expect((await open(target)).client(S3Client)).toBe(first.client(S3Client));
    vi.setSystemTime(start.getTime() + 55 * 60_000);
    expect((await open(target)).client(S3Client)).not.toBe(first.client(S3Client));
    expect(assumed).toHaveLength(2);
  });

  test('a failed evaluating session is not cached', async () => {
    const { assumed, state, options } = fakeSts();
    const open = createEvaluateSessions(options);
    state.failure = awsError('AccessDenied', 'not you', 403);
    await expect(open(target)).rejects.toMatchObject({ kind: 'permanent', code: 'role-not-assumed' });
    delete state.failure;
    await expect(open(target)).resolves.toMatchObject(target);
    expect(assumed).toHaveLength(2);
  });

  test('the evaluating session of the least recently used account is evicted', async () => {
    const { assumed, options } = fakeSts();
    const open = createEvaluateSessions(options);
    const account = (index: number) => ({
      ...target,
      accountId: AccountId.parse(String(100_000_000_000 + index)),
    });
    await open(account(0));
    await open(account(1));
    for (let index = 2; index <= 200; index += 1) await open(account(index));
    await open(account(1));
    expect(assumed).toHaveLength(201);
    await open(account(0));
    expect(assumed).toHaveLength(202);
  });

  test('an evaluating session waits for a readable external id', async () => {
    const { assumed, options } = fakeSts();
    const externalId = vi
      .fn<() => Promise<string>>(async () => 'external')
      .mockRejectedValueOnce(new Error('settings unreadable'));
    const open = createEvaluateSessions({ ...options, externalId });
    await expect(open(target)).rejects.toThrow('settings unreadable');
    await open(target);
    expect(assumed).toHaveLength(1);
  });
});

describe('remediating sessions', () => {
  const grants = [
    's3:PutBucketVersioning',
    { action: 'iam:PassRole', resource: 'arn:role', implied: true },
  ] as const;

  test('a remediating session has only its grants, and the name of its execution', async () => {
    const { assumed, options } = fakeSts();
    await createRemediateSessions(options)({ ...target, grants, sessionName: 'S3_ENABLE_VERSIONING+e-1' });
    expect(assumed).toEqual([
      {
        RoleArn: 'arn:aws:iam::111122223333:role/compliance-remediate',
        RoleSessionName: 'S3_ENABLE_VERSIONING+e-1',
        ExternalId: 'external',
        DurationSeconds: 3600,
        Policy: JSON.stringify(policyOf(grants)),
      },
    ]);
  });

  test('remediating sessions are never shared', async () => {
    const { assumed, options } = fakeSts();
    const open = createRemediateSessions(options);
    const [one, two] = await Promise.all([1, 2].map(() => open({ ...target, grants, sessionName: 'x+1' })));
    expect(one?.client(S3Client)).not.toBe(two?.client(S3Client));
    expect(assumed).toHaveLength(2);
  });
});

describe('a role that cannot be assumed', () => {
  test.each([
    ['permanent', awsError('AccessDenied', 'not you', 403)],
    ['permanent', awsError('RegionDisabledException')],
    ['transient', awsError('ThrottlingException')],
    ['transient', awsError('ServiceUnavailable', 'x', 503)],
  ] as const)('a role that cannot be assumed is a %s failure: %o', async (kind, failure) => {
    const { state, options } = fakeSts();
    state.failure = failure;
    const opening = [
      createEvaluateSessions(options)(target),
      createRemediateSessions(options)({ ...target, grants: [], sessionName: 'x+1' }),
    ];
    for (const one of opening)
      await expect(one).rejects.toMatchObject({
        kind,
        code: 'role-not-assumed',
        message: expect.stringContaining(target.accountId) as string,
        cause: failure,
      });
  });
});
