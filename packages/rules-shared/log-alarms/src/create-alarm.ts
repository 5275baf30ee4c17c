import { CloudWatchClient, DeleteAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DeleteMetricFilterCommand,
  PutMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  call,
  change,
  operation,
  undoCall,
  type CallStep,
  type Fix,
  type FixInput,
} from '@compliance/core/rule';

import type { AlarmFacts } from './alarm-facts.ts';
import { COUNT, logGroupFor, type FixHandles, type OwnAlarm } from './fix-handles.ts';
import type { Parameters } from './parameters.ts';

/** Creates a filter and an alarm beside those that are there. Nobody's filter or alarm is changed. */
export const createAlarm = (
  { facts, handles, parameters }: FixInput<AlarmFacts, Parameters, FixHandles>,
  own: OwnAlarm,
): Fix<AlarmFacts> => {
  const { name, what } = own;
  const logGroup = logGroupFor(facts, own.events);
  if (!logGroup || !handles)
    return {
      manual:
        'Let a trail of this account that records all management events of all Regions deliver to a log group (CLOUDTRAIL_ENABLE_MULTI_REGION, CLOUDTRAIL_ENABLE_CLOUDWATCH_LOGS).',
    };
  if (WITHOUT_FILTERS.has(handles.logGroupClass))
    return {
      manual: `Let the trail deliver to a log group of class STANDARD: ${logGroup.name} is of class ${handles.logGroupClass}, which has no metric filters.`,
    };
  const topic = parameters.snsTopicArn;
  if (topic === null)
    return { manual: 'Set the parameter snsTopicArn to the topic that the alarm notifies.' };
  if (topic.split(':')[3] !== logGroup.region)
    return {
      manual: `Set snsTopicArn to a topic of ${logGroup.region}, where the alarm is: ${topic} is of another Region.`,
    };
  if (![...handles.confirmedTopics, ...parameters.confirmedTopicArns].includes(topic))
    return { manual: `Confirm a subscription of ${topic}: nobody would learn of the alarm.` };
  const { filter } = handles;
  if (filter && !(filter.asCreated && filter.metricNamespace === parameters.metricNamespace))
    return {
      manual: `Delete metric filter ${name} of log group ${logGroup.name}, or correct it: it was changed.`,
    };
  if (handles.alarmExists) return { manual: `Delete alarm ${name} in ${logGroup.region}, or correct it.` };
  const where = { logGroupName: logGroup.name, region: logGroup.region };
  return change({
    description: `Create an alarm on ${what} that notifies ${topic}`,
    risk: 'safe',
    steps: [
      ...(filter ? [] : [putFilter(own, where, parameters)]),
      putAlarm(own, { topic, region: logGroup.region }, parameters),
    ],
    inCode: {
      terraform: `aws_cloudwatch_log_metric_filter: a pattern for ${what}; aws_cloudwatch_metric_alarm: alarm_actions = ["${topic}"]`,
      cloudFormation: `AWS::Logs::MetricFilter: FilterPattern; AWS::CloudWatch::Alarm: AlarmActions: [${topic}]`,
    },
  });
};

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
const WITHOUT_FILTERS: ReadonlySet<string> = new Set(['INFREQUENT_ACCESS', 'DELIVERY']);

interface Where {
  readonly logGroupName: string;
  readonly region: string;
}

const putFilter = (
  { name: filterName, events }: OwnAlarm,
  { logGroupName, region }: Where,
  { metricNamespace }: Parameters,
): CallStep =>
  call(
    CloudWatchLogsClient,
    PutMetricFilterCommand,
    {
      logGroupName,
      filterName,
      filterPattern: events.pattern,
      metricTransformations: [{ metricNamespace, metricName: filterName, metricValue: COUNT }],
    },
    {
      region,
      undo: undoCall(
        CloudWatchLogsClient,
        DeleteMetricFilterCommand,
        { logGroupName, filterName },
        { region, alreadyDone: ['ResourceNotFoundException'] },
      ),
    },
  );

const putAlarm = (
  { name, what }: OwnAlarm,
  { topic, region }: { readonly topic: string; readonly region: string },
  { metricNamespace, maxThreshold }: Parameters,
): CallStep =>
  call(
    CloudWatchClient,
    PutMetricAlarmCommand,
    {
      AlarmName: name,
      AlarmDescription: `Reports ${what}.`,
      Namespace: metricNamespace,
      MetricName: name,
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: maxThreshold,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [topic],
    },
    {
      region,
      undo: undoCall(
        CloudWatchClient,
        DeleteAlarmsCommand,
        { AlarmNames: [name] },
        { region, alreadyDone: ['ResourceNotFound', 'ResourceNotFoundException'] },
      ),
    },
  );

export const UNDO_OPERATIONS = [
  operation(CloudWatchLogsClient, DeleteMetricFilterCommand),
  operation(CloudWatchClient, DeleteAlarmsCommand),
];
