import { CloudwatchLogMetricFilter } from '@cdktn/provider-aws/lib/cloudwatch-log-metric-filter/index.js';
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktn/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import type { TerraformStack } from 'cdktf';

import { METRICS } from '../names/names.ts';
import { resourceName } from '../terraform/expressions.ts';

interface MetricFilter {
  readonly id: string;
  readonly metricName: string;
  readonly pattern: string;
  readonly logGroup: string;
  /** What a line adds to the metric: a member of it, or 1. */
  readonly value?: string;
}

/** Adds a metric of the lines of a log group of the same module. */
export const addMetricFilter = (
  stack: TerraformStack,
  { id, metricName, pattern, logGroup, value = '1' }: MetricFilter,
): void => {
  new CloudwatchLogMetricFilter(stack, `filter_${id}`, {
    name: metricName,
    logGroupName: `\${aws_cloudwatch_log_group.${resourceName(logGroup.slice(1))}.name}`,
    pattern,
    metricTransformation: { name: metricName, namespace: METRICS, value },
  }).overrideLogicalId(id);
};

type Alarm = Pick<
  CloudwatchMetricAlarmConfig,
  'namespace' | 'metricName' | 'dimensions' | 'statistic' | 'threshold' | 'period' | 'treatMissingData'
> & { readonly evaluationPeriods?: number };

/** Creates a function that adds alarms which notify the topic. Each description says what the alarm means. */
export const createAddAlarm =
  (stack: TerraformStack, topicArn: string) =>
  (name: string, description: string, alarm: Alarm): void => {
    new CloudwatchMetricAlarm(stack, `alarm_${resourceName(name)}`, {
      alarmName: `compliance-${name}`,
      alarmDescription: description,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      evaluationPeriods: 1,
      period: 300,
      treatMissingData: 'notBreaching',
      alarmActions: [topicArn],
      okActions: [topicArn],
      ...alarm,
    }).overrideLogicalId(resourceName(name));
  };
