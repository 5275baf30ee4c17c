import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { describe, expect, test, vi } from 'vitest';

import { engineGrants } from '../../src/aws/engine-grants.ts';
import { awsError, fakeSession, on, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { whoChanged } from '../../src/remediate/who-changed.ts';
import { fakeEventHistory, type PastCall } from '../fake-event-history.ts';

const role = (name: string) => `arn:aws:sts::111122223333:assumed-role/${name}/session`;
const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' };
const search = { resource, since: new Date('2026-11-20T12:00:00.400Z'), undoing: ['PutBucketVersioning'] };

const ask = (answer: FakeAnswer, over: Partial<typeof search> = {}, place: { region?: string } = {}) => {
  const session = fakeSession({ allow: engineGrants.remediate, answers: [answer], ...place });
  return { session, answer: whoChanged({ ...search, ...over }, session) };
};
const past = (name: string, by: string, second: number, over: Partial<PastCall> = {}): PastCall => ({
  name,
  by: role(by),
  at: `2026-11-20T12:00:${String(second).padStart(2, '0')}.000Z`,
  ...over,
});

describe('the principal who changes a resource back is', () => {
  const calls = [
    past('PutBucketVersioning', 'pipeline', 1),
    past('PutBucketVersioning', 'compliance-remediate', 2),
    past('PutBucketTagging', 'tagger', 3),
  ];

  test('the last who called what undoes our fix', async () => {
    await expect(ask(fakeEventHistory(calls)).answer).resolves.toEqual({
      principal: role('pipeline'),
      eventName: 'PutBucketVersioning',
      time: '2026-11-20T12:00:01.000Z',
    });
  });

  test('otherwise the last who changed it at all', async () => {
    await expect(ask(fakeEventHistory(calls), { undoing: [] }).answer).resolves.toMatchObject({
      principal: role('tagger'),
      eventName: 'PutBucketTagging',
    });
  });

  test('found on a later page, and no further than some pages back', async () => {
    const others = Array.from({ length: 3 }, (_, index) => past('PutBucketTagging', 'tagger', 10 + index));
    await expect(ask(fakeEventHistory([...calls, ...others], 2)).answer).resolves.toMatchObject({
      principal: role('pipeline'),
    });
    const { answer, session } = ask(fakeEventHistory([...calls, ...others, ...others], 1));
    await expect(answer).resolves.toMatchObject({ principal: role('tagger') });
    expect(session.sent).toHaveLength(4);
  });

  test('the service, where AWS itself did it', async () => {
    const byAws = past('PutBucketVersioning', '', 1, { invokedBy: 'cloudformation.amazonaws.com' });
    await expect(ask(fakeEventHistory([byAws])).answer).resolves.toMatchObject({
      principal: 'cloudformation.amazonaws.com',
    });
  });

  test.each<[string, PastCall]>([
    ['our own fix', past('PutBucketVersioning', 'compliance-remediate', 1)],
    ['a read', past('GetBucketVersioning', 'scanner', 1, { readOnly: true })],
    ['a call that was refused', past('PutBucketVersioning', 'pipeline', 1, { errorCode: 'AccessDenied' })],
    [
      'a change before our first fix',
      { ...past('PutBucketVersioning', 'pipeline', 0), at: '2026-11-20T11:59:59Z' },
    ],
    ['a change of another resource', past('PutBucketVersioning', 'pipeline', 1, { of: ['other'] })],
  ])('nobody for %s', async (_, call) => {
    await expect(ask(fakeEventHistory([call])).answer).resolves.toBeUndefined();
  });
});

describe('CloudTrail is asked', () => {
  test('by every name of the resource, until one says something', async () => {
    const user = {
      resourceType: 'AWS::EC2::Instance',
      resourceName: 'ada',
      resourceId: 'i-1',
      arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1',
    };
    const { answer, session } = ask(
      fakeEventHistory([past('StopInstances', 'pipeline', 1, { of: ['i-1'] })]),
      { resource: user },
    );
    await expect(answer).resolves.toMatchObject({ eventName: 'StopInstances' });
    expect(session.sent.map(({ input }) => input)).toMatchObject(
      ['ada', 'i-1'].map((AttributeValue) => ({
        LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue }],
      })),
    );
  });

  test.each([
    ['AWS::S3::Bucket', 'eu-west-1', 'eu-west-1'],
    ['AWS::IAM::User', 'eu-west-1', 'us-east-1'],
  ])('about %s of %s in %s', async (resourceType, region, expected) => {
    const asked: string[] = [];
    const { session } = ask(fakeEventHistory([]), {}, { region });
    const watched = { ...session, at: (name: string) => (asked.push(name), session.at(name)) };
    await whoChanged({ ...search, resource: { ...resource, resourceType } }, watched);
    expect(asked).toEqual([expected]);
  });

  test('in vain while it is denied or answers what nobody understands: one line of the log says so', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const denied = on(CloudTrailClient, LookupEventsCommand, () => {
      throw awsError('AccessDeniedException', 'not you', 403);
    });
    const odd = on(CloudTrailClient, LookupEventsCommand, () => ({
      Events: [{ ReadOnly: 'false', EventName: 'PutX', EventTime: new Date(), CloudTrailEvent: '?' }],
    }));
    for (const answer of [denied, odd]) await expect(ask(answer).answer).resolves.toBeUndefined();
    expect(log).toHaveBeenCalledTimes(2);
    expect(log).toHaveBeenCalledWith(
      'Who changes AWS::S3::Bucket logs of 111122223333 back is not known: AccessDeniedException: not you',
    );
  });
});
