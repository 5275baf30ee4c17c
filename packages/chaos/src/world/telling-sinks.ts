import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Session, Sink } from '@compliance/core';
import { cloudWatchLogsPublisher } from '@compliance/core/audit/cloudwatch-logs-publisher';
import { snsPublisher } from '@compliance/core/audit/sns-publisher';

/** The log and the topic: the real publishers over the clients of a session. */
export const tellingSinks = (session: Session, now: () => Date): readonly Sink[] => [
  {
    name: 'log',
    deliver: cloudWatchLogsPublisher({
      client: session.client(CloudWatchLogsClient),
      logGroupName: '/compliance/audit',
      logStreamName: 'simulation',
      now,
    }),
  },
  {
    name: 'topic',
    deliver: snsPublisher({
      client: session.client(SNSClient),
      topicArn: 'arn:aws:sns:eu-west-1:999988887777:compliance',
    }),
  },
];
