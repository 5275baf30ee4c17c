import { CloudTrailClient, GetEventSelectorsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  type DescribeMetricFiltersCommandInput,
  type LogGroupClass,
  type MetricFilter,
} from '@aws-sdk/client-cloudwatch-logs';
import { ListSubscriptionsByTopicCommand, ListSubscriptionsCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Rule, Verdict } from '@compliance/core/rule';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describedTrail, fakeTrails, ME } from '@compliance/trails/testing';

export const LOG_GROUP_ARN = `arn:aws:logs:us-east-1:${ME}:log-group:trail-events:*`;
export const TOPIC = `arn:aws:sns:us-east-1:${ME}:alarms`;
export const FOREIGN_TOPIC = 'arn:aws:sns:us-east-1:444455556666:alarms';

export interface Account {
  readonly trails?: Parameters<typeof fakeTrails>[0];
  readonly status?: NonNullable<Parameters<typeof fakeTrails>[1]>;
  readonly filters?: readonly MetricFilter[];
  readonly alarms?: readonly MetricAlarm[];
  /** The subscriptions of the topic: ARNs, or the words in their place. */
  readonly subscriptions?: readonly string[];
  readonly logGroupClass?: LogGroupClass;
  /** An operation, and the code of the error with which it fails. */
  readonly failing?: readonly [operation: string, code: string];
}

export const trail = (overrides: Parameters<typeof describedTrail>[1] = {}) =>
  describedTrail(ME, { CloudWatchLogsLogGroupArn: LOG_GROUP_ARN, ...overrides });

export const filter = (filterPattern: string, overrides: Partial<MetricFilter> = {}): MetricFilter => ({
  filterName: 'routes',
  filterPattern,
  metricTransformations: [{ metricNamespace: 'Security', metricName: 'routes', metricValue: '1' }],
  ...overrides,
});

export const alarm = (overrides: Partial<MetricAlarm> = {}): MetricAlarm => ({
  AlarmName: 'routes',
  Namespace: 'Security',
  MetricName: 'routes',
  Statistic: 'Sum',
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  ActionsEnabled: true,
  AlarmActions: [TOPIC],
  ...overrides,
});

/** A fake: the emulator has no organization trail of another account, and none of the failures. It has pages of one. */
export const fakeAccount = (allow: Parameters<typeof fakeSession>[0]['allow'], account: Account = {}) => {
  const { trails = [trail()], status, filters = [], alarms = [], subscriptions = [SUBSCRIPTION] } = account;
  const [failing, code = ''] = account.failing ?? [];
  const unlessFailing = <T>(operation: string, answer: T): T => {
    if (operation === failing) throw awsError(code);
    return answer;
  };
  const pageOf = <T>(items: readonly T[], token: string | undefined) => {
    const index = Number(token ?? 0);
    const next = index + 1 < items.length ? String(index + 1) : undefined;
    return { items: items.slice(index, index + 1), next };
  };
  return fakeSession({
    allow,
    answers: [
      // The account that owns the trail of an organization may read its selectors.
      on(CloudTrailClient, GetEventSelectorsCommand, ({ TrailName = '' }) => {
        if (!TrailName.includes(ME)) throw awsError('TrailNotFoundException');
        return {
          EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' as const }],
          ...status?.selectors,
        };
      }),
      ...fakeTrails(trails, status),
      on(
        CloudWatchLogsClient,
        DescribeMetricFiltersCommand,
        ({ nextToken }: DescribeMetricFiltersCommandInput, region) => {
          const { items, next } = pageOf(region === 'us-east-1' ? filters : [], nextToken);
          return unlessFailing('DescribeMetricFilters', { metricFilters: items, nextToken: next });
        },
      ),
      on(CloudWatchLogsClient, DescribeLogGroupsCommand, () => ({
        logGroups: [
          { logGroupName: 'trail-events-archive', logGroupClass: 'DELIVERY' as const },
          { logGroupName: 'trail-events', logGroupClass: account.logGroupClass },
        ],
      })),
      on(CloudWatchClient, DescribeAlarmsCommand, ({ AlarmNames, NextToken }: DescribeAlarmsCommandInput) => {
        const known = alarms.filter(({ AlarmName = '' }) => AlarmNames?.includes(AlarmName) ?? true);
        const { items, next } = pageOf(known, NextToken);
        return unlessFailing('DescribeAlarms', { MetricAlarms: items, NextToken: next });
      }),
      on(SNSClient, ListSubscriptionsByTopicCommand, ({ TopicArn }) => {
        if (TopicArn !== TOPIC) throw awsError('AuthorizationError', 'AuthorizationError', 403);
        return unlessFailing('ListSubscriptionsByTopic', {
          Subscriptions: subscriptions.map((SubscriptionArn) => ({ SubscriptionArn })),
        });
      }),
      on(SNSClient, ListSubscriptionsCommand, () => ({
        Subscriptions: subscriptions.map((SubscriptionArn) => ({ SubscriptionArn, TopicArn: TOPIC })),
      })),
    ],
  });
};

const SUBSCRIPTION = `${TOPIC}:6f1f0c2e-0000-4000-8000-000000000003`;

/** The verdict on an account whose alarm is as it must be and whose filter has this pattern. */
export const verdictOn = async <Facts, Parameters>(
  rule: Rule<Facts, Parameters>,
  pattern: string,
): Promise<Verdict> => {
  const session = fakeAccount(rule.permissions.list, { filters: [filter(pattern)], alarms: [alarm()] });
  const [listed] = await Array.fromAsync(rule.observe.list({ session }));
  if (!listed || !('facts' in listed)) throw new Error(`${rule.command} lists no facts.`);
  const { accountId, region, partition } = session;
  const context = { accountId, region, partition, now: new Date(0), parameters: rule.parameters.parse({}) };
  return rule.judge(listed.facts, context);
};
