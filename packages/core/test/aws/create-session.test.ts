import { GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { createSession, type SessionOptions } from '../../src/aws/create-session.ts';

const sessionWith = (over: Partial<SessionOptions> = {}) =>
  createSession({
    accountId: AccountId.parse('111122223333'),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    ...over,
  });

describe('a session', () => {
  test('a session has one client of a class for each account and Region', async () => {
    const session = sessionWith();
    const elsewhere = session.at('us-east-1');
    expect(session.client(S3Client)).toBe(session.client(S3Client));
    expect(session.client(S3Client)).not.toBe(session.client(SNSClient));
    expect(elsewhere.client(S3Client)).not.toBe(session.client(S3Client));
    await expect(elsewhere.client(S3Client).config.region()).resolves.toBe('us-east-1');
    expect(sessionWith().client(S3Client)).not.toBe(session.client(S3Client));
  });

  test('a session in another Region has the same account, and back in the first the same clients', () => {
    const session = sessionWith({ partition: 'aws-cn' });
    const elsewhere = session.at('us-east-1');
    expect(elsewhere).toMatchObject({ accountId: '111122223333', region: 'us-east-1', partition: 'aws-cn' });
    expect(elsewhere.at('eu-west-1').client(S3Client)).toBe(session.client(S3Client));
    expect(session.at('us-east-1').client(S3Client)).toBe(elsewhere.client(S3Client));
  });

  test('a session reports the IAM action of each call before it is sent', async () => {
    const log: string[] = [];
    const session = sessionWith({
      onAction: (action) => void log.push(action),
      intercept: async (operation, input) => {
        log.push(`${operation} ${JSON.stringify(input)}`);
        return { Status: 'Enabled' };
      },
    });
    const answer = await session.client(S3Client).send(new GetBucketVersioningCommand({ Bucket: 'a' }));
    expect(answer).toMatchObject({ Status: 'Enabled' });
    expect(log).toEqual(['s3:GetBucketVersioning', 'GetBucketVersioning {"Bucket":"a"}']);
  });

  test('a session does not send a call when onAction throws', async () => {
    const intercept = vi.fn<() => Promise<object>>(async () => ({}));
    const session = sessionWith({
      intercept,
      onAction: (action) => {
        throw new Error(`${action} is not allowed`);
      },
    });
    const call = session.client(S3Client).send(new GetBucketVersioningCommand({ Bucket: 'a' }));
    await expect(call).rejects.toThrow('s3:GetBucketVersioning is not allowed');
    expect(intercept).not.toHaveBeenCalled();
  });
});

describe('once', () => {
  afterEach(() => void vi.useRealTimers());

  test('once shares a load and its result within a Region', async () => {
    const session = sessionWith();
    const load = vi.fn<() => Promise<string[]>>(async () => ['trails']);
    const asked = [session.once('trails', load), session.at('eu-west-1').once('trails', load)];
    await expect(Promise.all(asked)).resolves.toEqual([['trails'], ['trails']]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('once never answers one Region with the load of another', async () => {
    const session = sessionWith();
    const loadIn = (region: string) => session.at(region).once('trails', async () => region);
    await expect(Promise.all([loadIn('eu-west-1'), loadIn('us-east-1')])).resolves.toEqual([
      'eu-west-1',
      'us-east-1',
    ]);
    await expect(loadIn('us-east-1')).resolves.toBe('us-east-1');
  });

  test('onceInAccount shares a load and its result in any Region, apart from once', async () => {
    const session = sessionWith();
    const load = vi.fn<() => Promise<string[]>>(async () => ['report']);
    const asked = [
      session.onceInAccount('report', load),
      session.at('us-east-1').onceInAccount('report', load),
    ];
    await expect(Promise.all(asked)).resolves.toEqual([['report'], ['report']]);
    expect(load).toHaveBeenCalledTimes(1);
    await session.once('report', load);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test('once loads each key and each account separately', async () => {
    const session = sessionWith();
    const load = vi.fn<() => Promise<number>>(async () => 1);
    await session.once('a', load);
    await session.once('b', load);
    await sessionWith().once('a', load);
    expect(load).toHaveBeenCalledTimes(3);
  });

  test('once loads again after a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const session = sessionWith();
    const load = vi.fn<() => Promise<number>>(async () => 1);
    await session.once('a', load);
    vi.advanceTimersByTime(60_000);
    await session.once('a', load);
    expect(load).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    await session.once('a', load);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test('once of a session as of a time shares no earlier load, in any Region', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-20T12:00:00Z') });
    const session = sessionWith();
    let loads = 0;
    const load = async () => (loads += 1);
    await session.once('a', load);
    const sweeping = session.asOf(new Date('2026-11-20T12:00:01Z')).at('us-east-1').at('eu-west-1');
    vi.advanceTimersByTime(2_000);
    await expect(sweeping.once('a', load)).resolves.toBe(2);
    await expect(sweeping.once('a', load)).resolves.toBe(2);
    await expect(session.once('a', load)).resolves.toBe(2);
  });

  test('once does not cache a failed load, but fails for every caller that waited for it', async () => {
    const session = sessionWith();
    const load = vi.fn<() => Promise<string>>(() => Promise.reject(new Error('throttled')));
    const asked = [session.once('a', load), session.once('a', load)];
    for (const one of asked) await expect(one).rejects.toThrow('throttled');
    load.mockResolvedValue('there');
    await expect(session.once('a', load)).resolves.toBe('there');
    expect(load).toHaveBeenCalledTimes(2);
  });

  test('a load that fails late does not remove the load after it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const session = sessionWith();
    const { promise, reject } = Promise.withResolvers<string>();
    const late = session.once('a', () => promise);
    vi.advanceTimersByTime(60_001);
    const load = vi.fn<() => Promise<string>>(async () => 'new');
    await session.once('a', load);
    reject(new Error('too late'));
    await expect(late).rejects.toThrow('too late');
    await session.once('a', load);
    expect(load).toHaveBeenCalledTimes(1);
  });
});
