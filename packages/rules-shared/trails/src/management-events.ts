import type {
  AdvancedEventSelector,
  AdvancedFieldSelector,
  EventSelector,
  GetEventSelectorsCommandOutput,
} from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';

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
 * Summarises the event selectors of a trail.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 */
export const managementEventsOf = ({
  EventSelectors = [],
  AdvancedEventSelectors = [],
}: Pick<GetEventSelectorsCommandOutput, 'EventSelectors' | 'AdvancedEventSelectors'>): ManagementEvents => {
  if (EventSelectors.length === 0 && AdvancedEventSelectors.length === 0) return EVERYTHING;
  const selectors = [...EventSelectors.flatMap(fromBasic), ...AdvancedEventSelectors.flatMap(fromAdvanced)];
  const reads = selectors.filter((selector) => selector.reads);
  const writes = selectors.filter((selector) => selector.writes);
  const otherExclusions = inBothOrOne(otherExclusionsOf(reads), otherExclusionsOf(writes));
  return {
    reads: reads.length > 0,
    writes: writes.length > 0,
    excludedSources: [...new Set([...excludedSourcesOf(reads), ...excludedSourcesOf(writes)])].toSorted(),
    ...(otherExclusions.length > 0 && { otherExclusions }),
  };
};

/** What one selector records. */
interface Selector {
  readonly reads: boolean;
  readonly writes: boolean;
  /** Conditions that an event must meet, in words. */
  readonly only: readonly string[];
  readonly excludes: readonly Exclusion[];
}

interface Exclusion {
  readonly field: string;
  readonly operator: 'NotEquals' | 'NotStartsWith' | 'NotEndsWith';
  readonly value: string;
}

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
          excludes: ExcludeManagementEventSources.map(
            (value) => ({ field: SOURCE, operator: 'NotEquals', value }) as const,
          ),
        },
      ]
    : [];

const SOURCE = 'eventSource';

const fromAdvanced = ({ FieldSelectors = [] }: AdvancedEventSelector): Selector[] => {
  const field = (name: string) => FieldSelectors.find(({ Field }) => Field === name);
  if (field('eventCategory')?.Equals?.includes('Management') !== true) return [];
  const readOnly = field('readOnly')?.Equals;
  const conditions = FieldSelectors.flatMap(conditionsOf);
  return [
    {
      reads: readOnly?.includes('true') ?? true,
      writes: readOnly?.includes('false') ?? true,
      only: conditions.filter((condition) => !isExclusion(condition)).map(inWords),
      excludes: conditions.filter(isExclusion),
    },
  ];
};

interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly value: string;
}

/** One condition for each value, except those that make a selector one of management events, of reads or of writes. */
const conditionsOf = ({ Field = '', ...operators }: AdvancedFieldSelector): Condition[] =>
  Object.entries(operators).flatMap(([operator, values]) =>
    operator === 'Equals' && ['eventCategory', 'readOnly'].includes(Field)
      ? []
      : (values ?? []).map((value) => ({ field: Field, operator, value })),
  );

// Any other operator, also one that is yet to come, names what is recorded.
const isExclusion = (condition: Condition): condition is Exclusion =>
  ['NotEquals', 'NotStartsWith', 'NotEndsWith'].includes(condition.operator);

/** The exclusions of all selectors that record a half, reads or writes, together. */
const exclusionsOf = (half: readonly Selector[]): Exclusion[] => {
  const whole = half.filter(({ only }) => only.length === 0);
  return whole
    .flatMap(({ excludes }) => excludes)
    .filter((exclusion) => !whole.some(({ excludes }) => recordsAll(excludes, exclusion)));
};

/** Whether a selector with these exclusions records every event that another selector excludes. */
const recordsAll = (excludes: readonly Exclusion[], other: Exclusion) =>
  excludes.every(
    ({ field, operator, value }) =>
      field === other.field &&
      operator === 'NotEquals' &&
      other.operator === 'NotEquals' &&
      value !== other.value,
  );

const isSource = ({ field, operator }: Exclusion) => field === SOURCE && operator === 'NotEquals';

const excludedSourcesOf = (half: readonly Selector[]): string[] =>
  exclusionsOf(half)
    .filter(isSource)
    .map(({ value }) => value);

const otherExclusionsOf = (half: readonly Selector[]): string[] => {
  const narrow = half.flatMap(({ only }) => only);
  if (half.length > 0 && half.every(({ only }) => only.length > 0))
    return [`all but ${[...new Set(narrow)].toSorted().join(', ')}`];
  return exclusionsOf(half)
    .filter((exclusion) => !isSource(exclusion))
    .map(inWords);
};

const inBothOrOne = (reads: readonly string[], writes: readonly string[]): string[] =>
  [...new Set([...reads, ...writes])]
    .map((text) => {
      if (!writes.includes(text)) return `${text} (reads)`;
      return reads.includes(text) ? text : `${text} (writes)`;
    })
    .toSorted();

/** `eventName AssumeRole`, `eventName Get*` */
const inWords = ({ field, operator, value }: Condition): string => `${field} ${pattern(operator, value)}`;

const pattern = (operator: string, value: string): string => {
  if (operator.endsWith('StartsWith')) return `${value}*`;
  if (operator.endsWith('EndsWith')) return `*${value}`;
  return operator.endsWith('Equals') ? value : `${operator} ${value}`;
};
