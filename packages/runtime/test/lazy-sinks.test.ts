import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { auditEvent, deliverOrKeep, type ClientClass, type Session } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { parseEnvironment } from '../src/environment.ts';
import { lazySinks } from '../src/lazy-sinks.ts';
import { sampleEnvironment } from '../src/testing/sample-environment.ts';

const NOON = new Date('2026-11-20T12:00:00Z');
const ignored = auditEvent({ type: 'event-ignored', reason: 'x' }, NOON, 'request-1');
const finished = auditEvent(
  { type: 'remediation-finished', executionId: 'e', outcome: 'fixed', reason: 'x' },
  NOON,
  'e',
);

/** A session that records which clients were used: each is a module that a function loads. */
const watched = (session: Session, asked: string[]): Session => ({
  ...session,
  client: <Client>(Class: ClientClass<Client>) => {
    asked.push(`${Class.name} ${session.region}`);
    return session.client(Class);
  },
});

const keepNothing = () => Promise.reject(new Error('A sink did not take an event.'));

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
  const sinks = lazySinks(watched(own, asked), watched(home, asked), environment);
  const sent = () =>
    [...own.sent, ...home.sent]
      .map(({ operation }) => operation)
      .filter((operation) => operation !== 'CreateLogStream')
      .toSorted();
  const streams = () =>
    own.sent
      .filter(({ operation }) => operation === 'PutLogEvents')
      .map(({ input }) => 'logStreamName' in input && input.logStreamName);
  return { publish: deliverOrKeep(sinks, keepNothing), sinks, asked, sent, streams, home };
};

test('no client is loaded before the first event', async () => {
  const { publish, asked, sent } = setUp();
  await publish([]);
  expect([asked, sent()]).toEqual([[], []]);
});

test('an event without a notification goes to log and ledger, and SNS is not loaded', async () => {
  const { publish, asked, sent } = setUp();
  await publish([ignored]);
  expect(sent()).toEqual(['PutLogEvents', 'PutObject']);
  expect(asked.toSorted()).toEqual(['CloudWatchLogsClient eu-central-1', 'S3Client eu-west-1']);
});

test('SNS gets only the events that need a notification', async () => {
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

test('each client is loaded once, and a function writes to one log stream', async () => {
  const { publish, asked, streams } = setUp();
  await publish([finished]);
  await publish([finished]);
  expect(asked).toHaveLength(3);
  expect(streams()).toHaveLength(2);
  expect(new Set(streams()).size).toBe(1);
});

test('two functions write to two log streams', async () => {
  const [one, other] = [setUp(), setUp()];
  await Promise.all([one.publish([ignored]), other.publish([ignored])]);
  expect(one.streams()).toHaveLength(1);
  expect(one.streams()).not.toEqual(other.streams());
});

test('an event that one destination refuses is kept for it, and the others get it', async () => {
  const { sinks, sent } = setUp();
  const refusing = () => Promise.reject(awsError('AuthorizationError', 'not you', 403));
  const kept: unknown[] = [];
  const publish = deliverOrKeep(
    sinks.map((sink) => (sink.name === 'topic' ? { ...sink, deliver: refusing } : sink)),
    async (remainder) => void kept.push(remainder),
  );
  await publish([finished]);
  expect(kept).toEqual([
    { sink: 'topic', isRefused: true, events: [finished], error: 'AuthorizationError: not you' },
  ]);
  expect(sent()).toEqual(['PutLogEvents', 'PutObject']);
});
