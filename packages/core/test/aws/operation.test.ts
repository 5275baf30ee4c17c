import { PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { CloudWatchLogsClient, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from 'vitest';

import { operation, operationId } from '../../src/aws/operation.ts';
import { fakeSession, on } from '../../src/testing/fake-session.ts';

test('an operation has the name in its schema, even in a minified bundle', () => {
  const Minified = class a extends PutBucketVersioningCommand {};
  expect(operationId(operation(S3Client, Minified))).toBe('s3:PutBucketVersioning');
  expect(operationId(operation(CloudWatchLogsClient, PutLogEventsCommand))).toBe(
    'cloudwatchlogs:PutLogEvents',
  );
});

test('an operation is sent with its input through the session', async () => {
  const session = fakeSession({
    allow: ['s3:PutBucketVersioning'],
    answers: [on(S3Client, PutBucketVersioningCommand, () => ({}))],
  });
  await operation(S3Client, PutBucketVersioningCommand).send({ Bucket: 'a' }, session);
  expect(session.sent).toEqual([{ operation: 'PutBucketVersioning', input: { Bucket: 'a' } }]);
});
