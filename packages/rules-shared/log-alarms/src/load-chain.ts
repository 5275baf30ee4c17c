import { CloudWatchClient, paginateDescribeAlarms, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  paginateDescribeMetricFilters,
  type MetricFilter,
} from '@aws-sdk/client-cloudwatch-logs';
import { hasCode, type Reads, type Session } from '@compliance/core/rule';

import { parsePattern } from './pattern/parse-pattern.ts';
import { loadTopics, type Topic } from './load-topics.ts';
import { loadTrailLinks, mayRecord, type LogGroup, type TrailLink } from './trail-link.ts';

/** All that lies between the events of an account and the people that its alarms notify. */
export interface AlarmChain {
  readonly trails: readonly TrailLink[];
  /** The log groups of this account that a trail with nothing known against it delivers to, by `keyOf`. */
  readonly logGroups: ReadonlyMap<string, LoadedLogGroup>;
}

export interface LoadedLogGroup {
  /** `null`: the log group does not exist. */
  readonly filters: readonly LoadedFilter[] | null;
  /** The alarms of its Region on the metrics of these filters, and those that compute. */
  readonly alarms: readonly MetricAlarm[];
  /** The topics that these alarms notify, by ARN. */
  readonly topics: ReadonlyMap<string, Topic>;
}

export interface LoadedFilter extends MetricFilter {
  readonly parsed: ReturnType<typeof parsePattern>;
}

export const CHAIN_READS = [
  'logs:DescribeMetricFilters',
  'cloudwatch:DescribeAlarms',
  'sns:ListSubscriptionsByTopic',
];

/** Loads the chain. All rules on alarms of one sweep share it. */
export const loadChain = (session: Session, reads: Reads): Promise<AlarmChain> =>
  reads === 'live'
    ? readChain(session, reads)
    : session.onceInAccount('log-alarms/chain', () => readChain(session, reads));

const readChain = async (session: Session, reads: Reads): Promise<AlarmChain> => {
  const trails = await loadTrailLinks(session, reads);
  const used = trails.flatMap((trail) => {
    const recordsSome = mayRecord(trail, []);
    return trail.logGroup?.accountId === session.accountId && recordsSome ? [trail.logGroup] : [];
  });
  const distinct = new Map(used.map((logGroup) => [keyOf(logGroup), logGroup]));
  const loaded = [...distinct].map(
    async ([key, logGroup]) => [key, await loadLogGroup(logGroup, session.at(logGroup.region))] as const,
  );
  return { trails, logGroups: new Map(await Promise.all(loaded)) };
};

export const keyOf = ({ region, name }: LogGroup): string => `${region}/${name}`;

const loadLogGroup = async ({ name }: LogGroup, session: Session): Promise<LoadedLogGroup> => {
  const filters = await loadFilters(name, session);
  // Without a filter nothing can be alarmed.
  if (filters === null || filters.length === 0) return { filters, alarms: [], topics: new Map() };
  const metrics = new Set(filters.flatMap(metricIdsOf));
  const alarms = (await loadAlarms(session)).filter((alarm) =>
    metricsIn(alarm).some((metric) => metrics.has(metric)),
  );
  const topics = alarms.flatMap(({ AlarmActions = [] }) => AlarmActions).filter(isTopic);
  return { filters, alarms, topics: await loadTopics([...new Set(topics)], session) };
};

const loadFilters = async (
  logGroupName: string,
  session: Session,
): Promise<readonly LoadedFilter[] | null> => {
  const client = session.client(CloudWatchLogsClient);
  try {
    const pages = await Array.fromAsync(paginateDescribeMetricFilters({ client }, { logGroupName }));
    return pages
      .flatMap(({ metricFilters = [] }) => metricFilters)
      .map((filter) => ({ ...filter, parsed: parsePattern(filter.filterPattern ?? '') }));
  } catch (error) {
    if (hasCode(error, 'ResourceNotFoundException')) return null;
    throw error;
  }
};

const loadAlarms = async (session: Session): Promise<readonly MetricAlarm[]> => {
  const client = session.client(CloudWatchClient);
  const pages = await Array.fromAsync(paginateDescribeAlarms({ client }, { AlarmTypes: ['MetricAlarm'] }));
  return pages.flatMap(({ MetricAlarms = [] }) => MetricAlarms);
};

/** The metrics that a filter publishes. */
export const metricIdsOf = ({ metricTransformations = [] }: MetricFilter): string[] =>
  metricTransformations.map(({ metricNamespace, metricName }) => metricId(metricNamespace, metricName));

/** The metrics of an alarm: its own, or those that it computes with. */
export const metricsIn = ({ Namespace, MetricName, Metrics = [] }: MetricAlarm): string[] => [
  // Alarms of other kinds, such as those with criteria of their own, have no metric.
  ...(MetricName === undefined ? [] : [metricId(Namespace, MetricName)]),
  ...Metrics.flatMap(({ MetricStat }) =>
    MetricStat?.Metric ? [metricId(MetricStat.Metric.Namespace, MetricStat.Metric.MetricName)] : [],
  ),
];

export const metricId = (namespace = '', name = ''): string => `${namespace}/${name}`;

/** An alarm may also start a function or an incident. */
export const isTopic = (arn: string): boolean => arn.split(':')[2] === 'sns';
