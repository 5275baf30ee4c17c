import type { EventSelector, GetEventSelectorsCommandOutput } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';

import { fromAdvanced, gapOf, inWords, type Condition, type Selector } from './selectors.ts';

/** The management events that a trail records, and what it leaves out of them. */
export const ManagementEvents = z.object({
  reads: z.boolean(),
  writes: z.boolean(),
  excludedSources: z.array(z.string()),
  /** What else is left out, in words: `eventName AssumeRole`, `all but eventSource s3.amazonaws.com`. */
  otherExclusions: z.array(z.string()).exactOptional(),
});
export type ManagementEvents = z.infer<typeof ManagementEvents>;

/** What the default selector records. */
export const EVERYTHING: ManagementEvents = { reads: true, writes: true, excludedSources: [] };

/**
 * Summarises what the event selectors of a trail record of management events.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 */
export const managementEventsOf = ({
  EventSelectors = [],
  AdvancedEventSelectors = [],
}: Pick<GetEventSelectorsCommandOutput, 'EventSelectors' | 'AdvancedEventSelectors'>): ManagementEvents => {
  if (EventSelectors.length === 0 && AdvancedEventSelectors.length === 0) return EVERYTHING;
  const selectors = [
    ...EventSelectors.flatMap(fromBasic),
    ...AdvancedEventSelectors.flatMap((selector) => fromAdvanced(selector, { eventCategory: 'Management' })),
  ];
  const reads = selectors.filter((selector) => selector.reads);
  const writes = selectors.filter((selector) => selector.writes);
  const gaps = [gapOf(reads), gapOf(writes)];
  const [ofReads = [], ofWrites = []] = gaps.map(({ allBut, excludes }) =>
    allBut.length > 0
      ? [`all but ${inWords(allBut).join(', ')}`]
      : inWords(excludes.filter((condition) => !isSource(condition))),
  );
  const otherExclusions = inBothOrOne(ofReads, ofWrites);
  const sources = gaps.flatMap(({ excludes }) => excludes.filter(isSource).map(({ value }) => value));
  return {
    reads: reads.length > 0,
    writes: writes.length > 0,
    excludedSources: [...new Set(sources)].toSorted(),
    ...(otherExclusions.length > 0 && { otherExclusions }),
  };
};

// When absent, both members default to management events of both kinds.
const fromBasic = ({
  IncludeManagementEvents = true,
  ReadWriteType = 'All',
  ExcludeManagementEventSources = [],
}: EventSelector): Selector[] =>
  IncludeManagementEvents
    ? [
        {
          reads: ReadWriteType !== 'WriteOnly',
          writes: ReadWriteType !== 'ReadOnly',
          only: [],
          excludes: ExcludeManagementEventSources.map((value) => ({
            field: SOURCE,
            operator: 'Equals',
            value,
          })),
        },
      ]
    : [];

const SOURCE = 'eventSource';

const isSource = ({ field, operator }: Condition) => field === SOURCE && operator === 'Equals';

const inBothOrOne = (reads: readonly string[], writes: readonly string[]): string[] =>
  [...new Set([...reads, ...writes])]
    .map((text) => {
      if (!writes.includes(text)) return `${text} (reads)`;
      return reads.includes(text) ? text : `${text} (writes)`;
    })
    .toSorted();
