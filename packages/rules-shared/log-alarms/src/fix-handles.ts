import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  type MetricFilter,
} from '@aws-sdk/client-cloudwatch-logs';
import { paginateListSubscriptions, SNSClient } from '@aws-sdk/client-sns';
import type { Session } from '@compliance/core/rule';
import * as z from 'zod';

import type { AlarmFacts } from './alarm-facts.ts';
import type { AlarmedEvents } from './alarmed-events.ts';
import { hasLogGroup } from './judge-chain.ts';
import { keyOf, type AlarmChain, type LoadedLogGroup } from './load-chain.ts';
import { isConfirmed } from './load-topics.ts';
import type { LogGroup } from './trail-link.ts';

/** What the fix finds of its own making, and what it needs. `null`: no log group can have the alarm. */
export const FixHandles = z
  .object({
    /** `STANDARD`, or a class with fewer features. */
    logGroupClass: z.string(),
    /** The filter of its name. */
    filter: z
      .object({
        /** It has the pattern and the metric with which the fix creates it. */
        asCreated: z.boolean(),
        metricNamespace: z.string(),
      })
      .nullable(),
    alarmExists: z.boolean(),
    /** Topics of the Region with a confirmed subscription: one of this account, or of a topic that an alarm notifies. */
    confirmedTopics: z.array(z.string()),
  })
  .nullable();
export type FixHandles = z.infer<typeof FixHandles>;

export const HANDLE_READS = ['logs:DescribeLogGroups', 'sns:ListSubscriptions'];

/** The alarm of one rule: its filter, metric and alarm have one name, which begins with ours. */
export interface OwnAlarm {
  readonly name: string;
  readonly what: string;
  readonly events: AlarmedEvents;
}

export const ownName = (command: string): string =>
  `compliance-${command.toLowerCase().replaceAll('_', '-')}`;

/** Reads live what only the fix needs. */
export const readHandles = async (
  { chain, facts }: { readonly chain: AlarmChain; readonly facts: AlarmFacts },
  { name, events }: OwnAlarm,
  session: Session,
): Promise<FixHandles> => {
  const logGroup = logGroupFor(facts, events);
  if (!logGroup) return null;
  const there = session.at(logGroup.region);
  const loaded = chain.logGroups.get(keyOf(logGroup));
  const filter = loaded?.filters?.find(({ filterName }) => filterName === name);
  const [logGroupClass, alarms, confirmedTopics] = await Promise.all([
    readClass(logGroup.name, there),
    there.client(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmNames: [name] })),
    readConfirmedTopics(there),
  ]);
  return {
    logGroupClass,
    filter: filter ? createdFilter(filter, { name, pattern: events.pattern }) : null,
    alarmExists: (alarms.MetricAlarms ?? []).length > 0,
    confirmedTopics: [...new Set([...confirmedTopics, ...notifiedTopics(loaded)])].toSorted(),
  };
};

/** The log group that can have the alarm. */
export const logGroupFor = ({ trails }: AlarmFacts, events: AlarmedEvents): LogGroup | undefined =>
  trails.find((trail) => hasLogGroup(trail, events))?.logGroup ?? undefined;

const readClass = async (name: string, session: Session): Promise<string> => {
  const { logGroups = [] } = await session
    .client(CloudWatchLogsClient)
    .send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  return logGroups.find(({ logGroupName }) => logGroupName === name)?.logGroupClass ?? 'STANDARD';
};

const createdFilter = (
  { filterPattern, metricTransformations: [metric, ...others] = [] }: MetricFilter,
  { name, pattern }: { readonly name: string; readonly pattern: string },
) => ({
  asCreated:
    filterPattern === pattern &&
    others.length === 0 &&
    metric?.metricName === name &&
    metric.metricValue === COUNT &&
    Object.keys(metric.dimensions ?? {}).length === 0,
  metricNamespace: metric?.metricNamespace ?? '',
});

/** The value that a filter adds to its metric for each event. */
export const COUNT = '1';

const readConfirmedTopics = async (session: Session): Promise<string[]> => {
  const pages = await Array.fromAsync(paginateListSubscriptions({ client: session.client(SNSClient) }, {}));
  const confirmed = pages.flatMap(({ Subscriptions = [] }) => Subscriptions).filter(isConfirmed);
  return confirmed.map(({ TopicArn = '' }) => TopicArn);
};

/** ListSubscriptions leaves out what another account has subscribed; these topics were asked one by one. */
const notifiedTopics = (loaded: LoadedLogGroup | undefined): string[] =>
  [...(loaded?.topics ?? [])].flatMap(([arn, topic]) =>
    'confirmed' in topic && topic.confirmed ? [arn] : [],
  );
