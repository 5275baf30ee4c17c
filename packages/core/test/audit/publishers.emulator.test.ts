import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';

import { auditEvent, type AuditEvent } from '../../src/audit/audit-event.ts';
import { cloudWatchLogsPublisher } from '../../src/audit/cloudwatch-logs-publisher.ts';
import { snsPublisher } from '../../src/audit/sns-publisher.ts';
import { emulatedAccount } from '../../src/testing/emulator.ts';

const failed = (message: string) =>
  auditEvent(
    { type: 'evaluation-failed', trigger: 'change', error: { kind: 'permanent', code: 'x', message } },
    new Date(),
    'request-1',
  );

test('events written to CloudWatch Logs read back whole', async () => {
  const { admin } = await emulatedAccount();
  const client = admin.client(CloudWatchLogsClient);
  const stream = { logGroupName: 'audit', logStreamName: 'instance-1' };
  await client.send(new CreateLogGroupCommand({ logGroupName: 'audit' }));
  const events = ['first', 'second'].map(failed);

  await cloudWatchLogsPublisher({ client, ...stream, now: () => new Date() })(events);

  const { events: read = [] } = await client.send(
    new GetLogEventsCommand({ ...stream, startFromHead: true }),
  );
  expect(read.map(({ message = '' }) => JSON.parse(message) as AuditEvent)).toEqual(events);
});

test('SNS accepts a dozen messages, and all are returned when the topic is missing', async () => {
  const { admin } = await emulatedAccount();
  const client = admin.client(SNSClient);
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'audit' }));
  const events = Array.from({ length: 12 }, (_, index) => failed(`failure ${index}`));

  await expect(snsPublisher({ client, topicArn: TopicArn })(events)).resolves.toEqual([]);
  await expect(snsPublisher({ client, topicArn: `${TopicArn}-not` })(events)).resolves.toMatchObject(
    events.map((event) => ({ event, error: { message: 'Topic does not exist' } })),
  );
});
