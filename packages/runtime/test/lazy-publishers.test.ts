import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { auditEvent, publishToAll, type ClientClass, type Session } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { parseEnvironment } from '../src/environment.ts';
import { lazyPublishers } from '../src/lazy-publishers.ts';
import { sampleEnvironment } from '../src/testing/sample-environment.ts';

const NOON = new Date('2026-11-20T12:00:00Z');
const ignored = auditEvent({ type: 'event-ignored', reason: 'x' }, NOON);
const finished = auditEvent(
  { type: 'remediation-finished', executionId: 'e', outcome: 'fixed', reason: 'x' },
  NOON,
);

/** A session that remembers which clients were asked for: each is a module that a function would load. */
const watched = (session: Session, asked: string[]): Session => ({
  ...session,
  client: <Client>(Class: ClientClass<Client>) => {
    asked.push(`${Class.name} ${session.region}`);
    return session.client(Class);
  },
});

const setUp = () => {
  const own = fakeSession({
    allow: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    answers: [
      on(CloudWatchLogsClient, CreateLogStreamCommand, () => ({})),
      on(CloudWatchLogsClient, PutLogEventsCommand, () => ({})),
    ],
    region: 'eu-central-1',
  });
  const home = fakeSession({
    allow: ['sns:PublishBatch', 's3:PutObject'],
    answers: [
      on(SNSClient, PublishBatchCommand, () => ({ Successful: [], Failed: [] })),
      on(S3Client, PutObjectCommand, () => ({})),
    ],
  });
  const asked: string[] = [];
  const environment = parseEnvironment(sampleEnvironment());
  const publishers = lazyPublishers(watched(own, asked), watched(home, asked), environment);
  const sent = () =>
    [...own.sent, ...home.sent]
      .map(({ operation }) => operation)
      .filter((operation) => operation !== 'CreateLogStream')
      .toSorted();
  const streams = () =>
    own.sent
      .filter(({ operation }) => operation === 'PutLogEvents')
      .map(({ input }) => 'logStreamName' in input && input.logStreamName);
  return { publish: publishToAll(publishers), publishers, asked, sent, streams, home };
};

test('nothing is loaded before an event comes', async () => {
  const { publish, asked, sent } = setUp();
  await publish([]);
  expect([asked, sent()]).toEqual([[], []]);
});

test('an event for the record goes to the log and the ledger, and SNS is not even loaded', async () => {
  const { publish, asked, sent } = setUp();
  await publish([ignored]);
  expect(sent()).toEqual(['PutLogEvents', 'PutObject']);
  expect(asked.toSorted()).toEqual(['CloudWatchLogsClient eu-central-1', 'S3Client eu-west-1']);
});

test('of events together, SNS gets those that are worth a message', async () => {
  const { publish, home } = setUp();
  await publish([ignored, finished]);
  expect(home.sent.filter(({ operation }) => operation === 'PublishBatch')).toMatchObject([
    {
      input: {
        TopicArn: 'arn:aws:sns:eu-west-1:999988887777:compliance-audit',
        PublishBatchRequestEntries: [{ Message: JSON.stringify(finished) }],
      },
    },
  ]);
});

test('each client is loaded once, and one stream is written to as long as the function lives', async () => {
  const { publish, asked, streams } = setUp();
  await publish([finished]);
  await publish([finished]);
  expect(asked).toHaveLength(3);
  expect(streams()).toHaveLength(2);
  expect(new Set(streams()).size).toBe(1);
});

test('two functions write to two streams: they never wait for one another', async () => {
  const [one, other] = [setUp(), setUp()];
  await Promise.all([one.publish([ignored]), other.publish([ignored])]);
  expect(one.streams()).toHaveLength(1);
  expect(one.streams()).not.toEqual(other.streams());
});

test('what a destination refuses is told, and the others have it', async () => {
  const { publishers, sent } = setUp();
  const [log, , ledger] = publishers;
  const refusing = () => Promise.reject(awsError('AuthorizationError', 'not you', 403));
  const publish = publishToAll([log, refusing, ledger].flatMap((one) => one ?? []));
  await expect(publish([finished])).rejects.toMatchObject({
    kind: 'transient',
    message: expect.stringContaining('AuthorizationError: not you') as string,
  });
  expect(sent()).toEqual(['PutLogEvents', 'PutObject']);
});
