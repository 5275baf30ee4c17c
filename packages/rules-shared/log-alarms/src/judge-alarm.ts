import { shortened } from '@compliance/core/rule';

import type { Alarm, Filter, Metric } from './alarm-facts.ts';
import type { Parameters } from './parameters.ts';

/** Lists why a filter notifies nobody of the events that it matches, as ends of a sentence about it. */
export const problemsOf = (filter: Filter, parameters: Parameters): string[] => {
  if (filter.unreadable !== undefined) return [`cannot be read: ${filter.unreadable}`];
  const [first = ['publishes no metric'], ...others] = filter.metrics.map((metric) =>
    metricProblems(metric, parameters),
  );
  return fewest([first, ...others]);
};

const fewest = ([first, ...others]: readonly [string[], ...string[][]]): string[] =>
  others.reduce((least, problems) => (problems.length < least.length ? problems : least), first);

const metricProblems = (metric: Metric, parameters: Parameters): string[] => {
  if (metric.split) return ['splits its metric by dimensions'];
  if (metric.increment === null || metric.increment <= 0) return ['adds no positive number to its metric'];
  const { unwanted } = metric;
  return [
    ...(unwanted === undefined ? [] : [`counts ${unwanted} too, so that its alarm stays on`]),
    ...nearestAlarm(metric, parameters),
  ];
};

/** Why no alarm on the metric notifies anybody, by the one that lacks least. */
const nearestAlarm = (metric: Metric, parameters: Parameters): string[] => {
  const [nearest, ...others] = metric.alarms.map((alarm) => ({
    alarm,
    problems: alarmProblems(alarm, metric, parameters),
  }));
  if (!nearest) return ['has no alarm on its metric'];
  const { alarm, problems } = others.reduce(
    (least, other) => (other.problems.length < least.problems.length ? other : least),
    nearest,
  );
  return problems.length === 0
    ? []
    : [`has alarm ${shortened(alarm.name, SHORT)}, which ${problems.slice(0, SHOWN).join(' and ')}`];
};

const SHORT = 32;
const SHOWN = 2;

const alarmProblems = (alarm: Alarm, metric: Metric, parameters: Parameters): string[] => {
  const { statistic = 'no statistic', comparison = 'no comparison', threshold = 'no threshold' } = alarm;
  const { periods = 1, missingData = 'missing' } = alarm;
  if (alarm.metricMath) return ['computes with the metric'];
  return [
    ...only(
      !goesOff(alarm, metric, parameters),
      `waits for ${statistic} ${SIGNS[comparison] ?? comparison} ${threshold}`,
    ),
    ...only(periods > 1, `waits for ${periods} periods`),
    // Between two events it would stay on, and say nothing of the second.
    ...only(
      !metric.hasDefault && ['breaching', 'ignore'].includes(missingData),
      `treats missing data as ${missingData}`,
    ),
    ...only(!alarm.actionsEnabled, 'has its actions disabled'),
    ...topicProblems(alarm, parameters),
  ];
};

const only = (applies: boolean, problem: string): string[] => (applies ? [problem] : []);

/** Whether a few events in a period turn an alarm on that is off without any. */
const goesOff = (
  { statistic = '', comparison = '', threshold }: Alarm,
  { increment, hasDefault }: Metric,
  { maxThreshold }: Parameters,
): boolean => {
  const breaches = BREACHES[comparison];
  if (!breaches || threshold === undefined || increment === null) return false;
  const values: Readonly<Record<string, number>> = {
    Sum: maxThreshold * increment,
    Maximum: increment,
    // The default counts as well, once a minute.
    ...(!hasDefault && { Average: increment, Minimum: increment, SampleCount: maxThreshold }),
  };
  const value = values[statistic];
  return value !== undefined && breaches(value, threshold) && !breaches(0, threshold);
};

const BREACHES: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
};

const SIGNS: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: '>=',
  GreaterThanThreshold: '>',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
};

const topicProblems = ({ topics }: Alarm, { confirmedTopicArns }: Parameters): string[] => {
  if (topics.some(({ arn, confirmed }) => confirmed ?? confirmedTopicArns.includes(arn))) return [];
  const [first] = topics;
  if (!first) return ['notifies no topic'];
  const name = shortened(first.arn.split(':').at(-1) ?? '', SHORT);
  return [
    first.confirmed === null
      ? `notifies topic ${name}, which cannot be read (${first.unreadable ?? 'unknown'})`
      : `notifies topic ${name}, which has no confirmed subscription`,
  ];
};
