import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { createEventHistory } from '../src/events/event-history.ts';
import type { Call } from '../src/protocol/call.ts';
import { call } from './call.ts';

const OTHER = '444455556666';
const ROLE = {
  type: 'role',
  sessionPolicies: [],
  accountId: '111122223333',
  arn: 'arn:aws:sts::111122223333:assumed-role/pipeline/run-1',
  userId: 'AROA:run-1',
  roleArn: 'arn:aws:iam::111122223333:role/pipeline',
  roleName: 'pipeline',
} as const satisfies Call['principal'];

const Answer = z.object({
  Events: z.array(z.looseObject({ EventName: z.string(), CloudTrailEvent: z.string() })),
  NextToken: z.string().optional(),
});

const historyOf = (...calls: readonly (Call | { readonly call: Call; readonly denied: true })[]) => {
  let seconds = 0;
  const history = createEventHistory(() => new Date(Date.UTC(2026, 10, 20, 12, 0, (seconds += 1), 700)));
  for (const one of calls) {
    const denied = 'denied' in one;
    const body = denied ? '<Error><Code>AccessDenied</Code></Error>' : '';
    history.onCompleted(denied ? one.call : one, {
      type: 'raw',
      status: denied ? 403 : 200,
      headers: {},
      body,
    });
  }
  const ask = async (input: object, over: Partial<Call> = {}) =>
    Answer.parse(
      await history.handlers['cloudtrail:LookupEvents']({
        ...call('cloudtrail:LookupEvents', { ...input }),
        ...over,
      }),
    );
  const names = async (...given: Parameters<typeof ask>) =>
    (await ask(...given)).Events.map(({ EventName }) => EventName);
  return { ask, names };
};

const by = (AttributeKey: string, AttributeValue: string) => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});
const put = { ...call('s3:PutBucketVersioning', { Bucket: 'logs' }), principal: ROLE };
const read = call('s3:GetBucketVersioning', { Bucket: 'logs' });

test('an event has the operation, the principal, the time and the resource of a call', async () => {
  const { ask } = historyOf(put);
  const { Events } = await ask(by('ResourceName', 'logs'));
  expect(Events).toMatchObject([
    {
      EventName: 'PutBucketVersioning',
      EventSource: 's3.amazonaws.com',
      EventTime: new Date('2026-11-20T12:00:01Z'),
      ReadOnly: 'false',
      Username: 'run-1',
      Resources: [{ ResourceType: 'AWS::S3::Bucket', ResourceName: 'logs' }],
    },
  ]);
  expect(JSON.parse(Events[0]?.CloudTrailEvent ?? '')).toMatchObject({
    eventName: 'PutBucketVersioning',
    awsRegion: 'eu-west-1',
    readOnly: false,
    userIdentity: {
      type: 'AssumedRole',
      arn: ROLE.arn,
      sessionContext: { sessionIssuer: { userName: 'pipeline' } },
    },
  });
});

test('the event of a denied call has its error code', async () => {
  const { ask } = historyOf({ call: put, denied: true });
  const { Events } = await ask({});
  expect(JSON.parse(Events[0]?.CloudTrailEvent ?? '')).toMatchObject({ errorCode: 'AccessDenied' });
});

describe('LookupEvents', () => {
  test('LookupEvents returns the newest event first, in pages', async () => {
    const { ask } = historyOf(put, read);
    const first = await ask({ MaxResults: 1 });
    const second = await ask({ MaxResults: 1, NextToken: first.NextToken });
    expect([first, second].map(({ Events }) => Events[0]?.EventName)).toEqual([
      'GetBucketVersioning',
      'PutBucketVersioning',
    ]);
    expect(second.NextToken).toBeUndefined();
  });

  test.each([
    [by('ResourceName', 'logs'), ['GetBucketVersioning', 'PutBucketVersioning']],
    [by('ResourceName', 'others'), []],
    [by('ReadOnly', 'false'), ['PutBucketVersioning']],
    [by('Username', 'root'), ['GetBucketVersioning']],
    [by('EventSource', 'ec2.amazonaws.com'), []],
    [{ StartTime: Date.UTC(2026, 10, 20, 12, 0, 2) / 1000 }, ['GetBucketVersioning']],
    [{ EndTime: Date.UTC(2026, 10, 20, 12, 0, 1) / 1000 }, ['PutBucketVersioning']],
  ])('LookupEvents by %j returns %j', async (search, expected) => {
    await expect(historyOf(put, read).names(search)).resolves.toEqual(expected);
  });

  test('LookupEvents returns events of the caller’s account and Region; IAM’s are in us-east-1', async () => {
    const { names } = historyOf(put, call('iam:CreateUser', { UserName: 'ada' }));
    await expect(names({}, { accountId: OTHER })).resolves.toEqual([]);
    await expect(names({})).resolves.toEqual(['PutBucketVersioning']);
    await expect(names(by('ResourceName', 'ada'), { region: 'us-east-1' })).resolves.toEqual(['CreateUser']);
  });

  test('the event history has no calls on S3 objects', async () => {
    await expect(historyOf(call('s3:PutObject', { Bucket: 'logs', Key: 'a' })).names({})).resolves.toEqual(
      [],
    );
  });
});

test.each<[object, string]>([
  [
    { LookupAttributes: [...by('EventName', 'a').LookupAttributes, ...by('Username', 'b').LookupAttributes] },
    'LookupAttributes',
  ],
  [by('AccessKeyId', 'AKIA'), 'AccessKeyId'],
  [{ MaxResults: 51 }, 'MaxResults'],
])('the lookup %j is refused for its %s', async (search, reason) => {
  await expect(historyOf(put).ask(search)).rejects.toThrow(reason);
});
