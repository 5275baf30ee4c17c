import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { describe, expect, test, vi } from 'vitest';

import { engineGrants } from '../../src/aws/engine-grants.ts';
import { whoChanged } from '../../src/remediate/who-changed.ts';
import { awsError, fakeSession, on, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { fakeEventHistory, type PastCall } from '../fake-event-history.ts';

const role = (name: string) => `arn:aws:sts::111122223333:assumed-role/${name}/session`;
const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' };
const criteria = { resource, since: new Date('2026-11-20T12:00:00.400Z'), undoing: ['PutBucketVersioning'] };

const search = (answer: FakeAnswer, over: Partial<typeof criteria> = {}, place: { region?: string } = {}) => {
  const session = fakeSession({ allow: engineGrants.remediate, answers: [answer], ...place });
  return { session, answer: whoChanged({ ...criteria, ...over }, session) };
};
const past = (name: string, by: string, second: number, over: Partial<PastCall> = {}): PastCall => ({
  name,
  by: role(by),
  at: `2026-11-20T12:00:${String(second).padStart(2, '0')}.000Z`,
  ...over,
});

describe('the principal that reverts a fix', () => {
  const calls = [
    past('PutBucketVersioning', 'pipeline', 1),
    past('PutBucketVersioning', 'compliance-remediate', 2),
    past('PutBucketTagging', 'tagger', 3),
  ];

  test('the last caller of an operation that undoes the fix is found', async () => {
    await expect(search(fakeEventHistory(calls)).answer).resolves.toEqual({
      principal: role('pipeline'),
      eventName: 'PutBucketVersioning',
      time: '2026-11-20T12:00:01.000Z',
    });
  });

  test('the last caller of any write is found when no operation undoes the fix', async () => {
    await expect(search(fakeEventHistory(calls), { undoing: [] }).answer).resolves.toMatchObject({
      principal: role('tagger'),
      eventName: 'PutBucketTagging',
    });
  });

  test('a caller is found on a later page, within a limit of pages', async () => {
    const others = Array.from({ length: 3 }, (_, index) => past('PutBucketTagging', 'tagger', 10 + index));
    await expect(search(fakeEventHistory([...calls, ...others], 2)).answer).resolves.toMatchObject({
      principal: role('pipeline'),
    });
    const { answer, session } = search(fakeEventHistory([...calls, ...others, ...others], 1));
    await expect(answer).resolves.toMatchObject({ principal: role('tagger') });
    expect(session.sent).toHaveLength(4);
  });

  test('an AWS service is found when it made the change', async () => {
    const byAws = past('PutBucketVersioning', '', 1, { invokedBy: 'cloudformation.amazonaws.com' });
    await expect(search(fakeEventHistory([byAws])).answer).resolves.toMatchObject({
      principal: 'cloudformation.amazonaws.com',
    });
  });

  test.each<[string, PastCall]>([
    ['our own fix', past('PutBucketVersioning', 'compliance-remediate', 1)],
    ['a read', past('GetBucketVersioning', 'scanner', 1, { readOnly: true })],
    ['a call that was refused', past('PutBucketVersioning', 'pipeline', 1, { errorCode: 'AccessDenied' })],
    [
      'a change before the first fix',
      { ...past('PutBucketVersioning', 'pipeline', 0), at: '2026-11-20T11:59:59Z' },
    ],
    ['a change of another resource', past('PutBucketVersioning', 'pipeline', 1, { of: ['other'] })],
  ])('%s is not a revert of the fix', async (_, call) => {
    await expect(search(fakeEventHistory([call])).answer).resolves.toBeUndefined();
  });
});

describe('the search in CloudTrail', () => {
  test('CloudTrail is searched by id, ARN and name of the resource, until a change is found', async () => {
    const user = {
      resourceType: 'AWS::EC2::Instance',
      resourceName: 'ada',
      resourceId: 'i-1',
      arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1',
    };
    const { answer, session } = search(
      fakeEventHistory([past('StopInstances', 'pipeline', 1, { of: ['ada'] })]),
      { resource: user },
    );
    await expect(answer).resolves.toMatchObject({ eventName: 'StopInstances' });
    expect(session.sent.map(({ input }) => input)).toMatchObject(
      [user.resourceId, user.arn, 'ada'].map((AttributeValue) => ({
        LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue }],
      })),
    );
  });

  test.each([
    ['AWS::S3::Bucket', 'eu-west-1', 'eu-west-1'],
    ['AWS::IAM::User', 'eu-west-1', 'us-east-1'],
  ])('a change of %s in %s is searched for in %s', async (resourceType, region, expected) => {
    const regions: string[] = [];
    const { session } = search(fakeEventHistory([]), {}, { region });
    const watched = { ...session, at: (name: string) => (regions.push(name), session.at(name)) };
    await whoChanged({ ...criteria, resource: { ...resource, resourceType } }, watched);
    expect(regions).toEqual([expected]);
  });

  test('a search that is denied or cannot be parsed finds nothing and logs one line', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const denied = on(CloudTrailClient, LookupEventsCommand, () => {
      throw awsError('AccessDeniedException', 'not you', 403);
    });
    const odd = on(CloudTrailClient, LookupEventsCommand, () => ({
      Events: [{ ReadOnly: 'false', EventName: 'PutX', EventTime: new Date(), CloudTrailEvent: '?' }],
    }));
    for (const answer of [denied, odd]) await expect(search(answer).answer).resolves.toBeUndefined();
    expect(log).toHaveBeenCalledTimes(2);
    expect(log).toHaveBeenCalledWith(
      'CloudTrail does not say who reverts AWS::S3::Bucket logs of account 111122223333: AccessDeniedException: not you',
    );
  });
});
