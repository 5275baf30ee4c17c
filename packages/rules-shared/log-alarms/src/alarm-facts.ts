import * as z from 'zod';

import { TrailLink } from './trail-link.ts';

/** An alarm on the metric of a filter. */
const Alarm = z.object({
  name: z.string(),
  actionsEnabled: z.boolean(),
  /** It computes with the metric, in a way that is not judged. */
  metricMath: z.boolean(),
  statistic: z.string().exactOptional(),
  comparison: z.string().exactOptional(),
  threshold: z.number().exactOptional(),
  /** How many periods must breach the threshold. */
  periods: z.int().exactOptional(),
  /** What a period without data counts as: `missing`, `breaching`, `ignore` … */
  missingData: z.string().exactOptional(),
  topics: z.array(
    z.object({
      arn: z.string(),
      /** Somebody has confirmed a subscription. `null`: this account may not see it. */
      confirmed: z.boolean().nullable(),
      unreadable: z.string().exactOptional(),
    }),
  ),
});
export type Alarm = z.infer<typeof Alarm>;

/** A metric that a filter publishes. */
const Metric = z.object({
  namespace: z.string(),
  name: z.string(),
  /** What each event adds. `null`: a value from the event. */
  increment: z.number().nullable(),
  /** It has a value also while no event matches. */
  hasDefault: z.boolean(),
  /** It is published as one metric for each value of a dimension, so that no alarm sees all of them. */
  split: z.boolean(),
  /** An event that also raises it and must not, through this filter or another one. */
  unwanted: z.string().exactOptional(),
  alarms: z.array(Alarm),
});
export type Metric = z.infer<typeof Metric>;

/** A metric filter, and what it does with the events of the rule. Its pattern may name people, and is left out. */
const Filter = z.object({
  name: z.string(),
  /** Why its pattern cannot be evaluated. */
  unreadable: z.string().exactOptional(),
  missed: z.array(z.string()),
  metrics: z.array(Metric),
});
export type Filter = z.infer<typeof Filter>;

const ChainOfTrail = TrailLink.extend({
  /**
   * The filters of the log group that match any of the events, or cannot be read. Absent where none was read: the log
   * group is another account's, or nothing is known to arrive there. `null`: the log group does not exist.
   */
  filters: z.array(Filter).nullable().exactOptional(),
});
export type ChainOfTrail = z.infer<typeof ChainOfTrail>;

export const AlarmFacts = z.object({ trails: z.array(ChainOfTrail) });
export type AlarmFacts = z.infer<typeof AlarmFacts>;
