import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import { canonical, defined, type Session } from '@compliance/core/rule';

import type { Alarm, AlarmFacts, Filter, Metric } from './alarm-facts.ts';
import { labelsOf, matchesOf, type AlarmedEvents, type Matches } from './alarmed-events.ts';
import {
  isTopic,
  keyOf,
  metricId,
  metricIdsOf,
  metricsIn,
  type AlarmChain,
  type LoadedFilter,
  type LoadedLogGroup,
} from './load-chain.ts';
import type { Recorder } from './sample-event.ts';

/** What of the chain concerns these events. */
export const factsOf = (
  { trails, logGroups }: AlarmChain,
  events: AlarmedEvents,
  session: Session,
): AlarmFacts => ({
  trails: trails.map((trail) => {
    const { organization, logGroup } = trail;
    const loaded = logGroup?.accountId === session.accountId ? logGroups.get(keyOf(logGroup)) : undefined;
    if (!logGroup || !loaded) return trail;
    const { accountId, partition } = session;
    const recorder = { accountId, partition, region: logGroup.region, organization };
    const filters = loaded.filters && filtersOf(loaded.filters, { loaded, events, recorder });
    return { ...trail, filters };
  }),
});

interface Place {
  readonly loaded: LoadedLogGroup;
  readonly events: AlarmedEvents;
  readonly recorder: Recorder;
}

/** The filters that match any of the events, or cannot be read. */
const filtersOf = (filters: readonly LoadedFilter[], { loaded, events, recorder }: Place): Filter[] => {
  const seen = filters.map((filter) => ({ filter, ...seenBy(filter, events, recorder) }));
  const unwanted = new Map(
    seen.flatMap((one) =>
      one.unwanted === undefined ? [] : metricIdsOf(one.filter).map((id) => [id, one.unwanted] as const),
    ),
  );
  return seen
    .filter(({ some, unreadable }) => some || unreadable !== undefined)
    .map(({ filter, missed, unreadable }) => ({
      name: filter.filterName ?? '',
      ...defined({ unreadable }),
      missed,
      metrics: metricsOf(filter, { ...loaded, unwanted }),
    }))
    .toSorted(byContent);
};

const byContent = (a: Filter, b: Filter) => (canonical(a) < canonical(b) ? -1 : 1);

interface Seen extends Matches {
  readonly unreadable?: string;
}

const seenBy = (
  { parsed, fieldSelectionCriteria, applyOnTransformedLogs }: LoadedFilter,
  events: AlarmedEvents,
  recorder: Recorder,
): Seen => {
  const unreadable = (why: string) => ({ unreadable: why, some: false, missed: labelsOf(events) });
  if ('unreadable' in parsed) return unreadable(parsed.unreadable);
  if (fieldSelectionCriteria) return unreadable('it selects events by system fields');
  if (applyOnTransformedLogs) return unreadable('it reads transformed events');
  return matchesOf(parsed, events, recorder);
};

const metricsOf = (
  { metricTransformations = [], emitSystemFieldDimensions = [] }: LoadedFilter,
  {
    alarms,
    topics,
    unwanted,
  }: LoadedLogGroup & { readonly unwanted: ReadonlyMap<string, string | undefined> },
): Metric[] =>
  metricTransformations.map((transformation) => {
    const { metricNamespace = '', metricName = '', defaultValue, dimensions = {} } = transformation;
    const id = metricId(metricNamespace, metricName);
    return {
      namespace: metricNamespace,
      name: metricName,
      increment: incrementOf(transformation),
      hasDefault: defaultValue !== undefined,
      split: Object.keys(dimensions).length > 0 || emitSystemFieldDimensions.length > 0,
      ...defined({ unwanted: unwanted.get(id) }),
      alarms: alarms
        // With dimensions it is an alarm on another metric.
        .filter((alarm) => metricsIn(alarm).includes(id) && (alarm.Dimensions ?? []).length === 0)
        .map((alarm) => alarmOf(alarm, topics))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    };
  });

/** A `$.field` of the event may be anything. */
const incrementOf = ({ metricValue = '' }: MetricTransformation): number | null =>
  metricValue === '' || Number.isNaN(Number(metricValue)) ? null : Number(metricValue);

const alarmOf = (alarm: MetricAlarm, topics: LoadedLogGroup['topics']): Alarm => ({
  name: alarm.AlarmName ?? '',
  actionsEnabled: alarm.ActionsEnabled === true,
  metricMath: alarm.MetricName === undefined,
  ...defined({
    statistic: alarm.Statistic ?? alarm.ExtendedStatistic,
    comparison: alarm.ComparisonOperator,
    threshold: alarm.Threshold,
    periods: alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods,
    missingData: alarm.TreatMissingData,
  }),
  topics: [...new Set(alarm.AlarmActions)]
    .filter(isTopic)
    .toSorted()
    .map((arn) => {
      const topic = topics.get(arn) ?? { confirmed: false };
      return 'unreadable' in topic ? { arn, confirmed: null, ...topic } : { arn, ...topic };
    }),
});
