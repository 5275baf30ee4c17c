import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeMetricFiltersCommand,
  PutMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import type { Resource, Session } from '@compliance/core/rule';
import { accountWithTrails } from '@compliance/trails/testing';

/** What an account has between its trail and the people that an alarm notifies. */
export interface ChainSeed {
  /** The Region of the trail and of all that follows; the session's, if absent. */
  readonly home?: string;
  /** The pattern of the filter; without one, there is neither a filter nor an alarm. */
  readonly pattern?: string;
  /** Nobody has confirmed the subscription of the topic yet. */
  readonly pending?: boolean;
}

const LOG_GROUP = 'trail-events';
const METRIC = { Namespace: 'Security', MetricName: 'events' };

/** Seeds an account with a trail that delivers to a log group, and with a topic. */
export const withChain =
  ({ home, pattern, pending = false }: ChainSeed) =>
  async (admin: Session): Promise<Resource> => {
    const there = admin.at(home ?? admin.region);
    await there.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
    const account = await accountWithTrails({
      home: there.region,
      CloudWatchLogsLogGroupArn: `arn:aws:logs:${there.region}:${there.accountId}:log-group:${LOG_GROUP}:*`,
      CloudWatchLogsRoleArn: `arn:aws:iam::${there.accountId}:role/trail`,
    })(admin);
    const topic = await createTopic(there, pending);
    if (pattern !== undefined) await createAlarm(there, pattern, topic);
    return account;
  };

const createTopic = async (session: Session, pending: boolean): Promise<string> => {
  const client = session.client(SNSClient);
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'alarms' }));
  const subscriber = pending
    ? { Protocol: 'email', Endpoint: 'security@example.com' }
    : { Protocol: 'sqs', Endpoint: `arn:aws:sqs:${session.region}:${session.accountId}:alarms` };
  await client.send(new SubscribeCommand({ TopicArn, ...subscriber }));
  return TopicArn;
};

const createAlarm = async (session: Session, filterPattern: string, topic: string): Promise<void> => {
  await session.client(CloudWatchLogsClient).send(
    new PutMetricFilterCommand({
      logGroupName: LOG_GROUP,
      filterName: 'events',
      filterPattern,
      metricTransformations: [
        { metricNamespace: METRIC.Namespace, metricName: METRIC.MetricName, metricValue: '1' },
      ],
    }),
  );
  await session.client(CloudWatchClient).send(
    new PutMetricAlarmCommand({
      ...METRIC,
      AlarmName: 'events',
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [topic],
    }),
  );
};

/**
 * The fixtures of a rule on an alarm.
 * @param pattern One that others use for the same alarm
 * @param tooNarrow One that misses some of the events
 */
export const alarmFixtures = ({
  pattern,
  tooNarrow,
}: {
  readonly pattern: string;
  readonly tooNarrow: string;
}) => ({
  parameters: { snsTopicArn: 'arn:{partition}:sns:{region}:{accountId}:alarms' },
  compliant: { 'an account with such an alarm in another Region': withChain({ home: 'us-east-1', pattern }) },
  nonCompliant: { 'an account whose filter is too narrow': withChain({ pattern: tooNarrow }) },
  manual: {
    'an account whose topic nobody has confirmed': withChain({ pattern, pending: true }),
  },
  untouched: foreignAlarms,
});

/** The filters and alarms that the fix has not created. */
const foreignAlarms = async (_: Resource, admin: Session) => {
  const { metricFilters = [] } = await admin
    .client(CloudWatchLogsClient)
    .send(new DescribeMetricFiltersCommand({ logGroupName: LOG_GROUP }));
  const { MetricAlarms = [] } = await admin.client(CloudWatchClient).send(new DescribeAlarmsCommand({}));
  return [
    metricFilters.filter(({ filterName = '' }) => !filterName.startsWith('compliance-')),
    MetricAlarms.filter(({ AlarmName = '' }) => !AlarmName.startsWith('compliance-')),
  ];
};
