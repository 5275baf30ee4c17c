import type {
  AdvancedEventSelector,
  AdvancedFieldSelector,
  EventSelector,
  GetEventSelectorsCommandOutput,
} from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';

/** The management events that a trail records, and the sources it excludes from reads or writes. */
export const ManagementEvents = z.object({
  reads: z.boolean(),
  writes: z.boolean(),
  excludedSources: z.array(z.string()),
});
export type ManagementEvents = z.infer<typeof ManagementEvents>;

/**
 * Summarises the event selectors of a trail.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 */
export const managementEventsOf = ({
  EventSelectors = [],
  AdvancedEventSelectors = [],
}: Pick<GetEventSelectorsCommandOutput, 'EventSelectors' | 'AdvancedEventSelectors'>): ManagementEvents => {
  const selected = [...EventSelectors.flatMap(fromBasic), ...AdvancedEventSelectors.flatMap(fromAdvanced)];
  const isDefault = EventSelectors.length === 0 && AdvancedEventSelectors.length === 0;
  return union(isDefault ? [EVERYTHING] : selected);
};

const EVERYTHING: ManagementEvents = { reads: true, writes: true, excludedSources: [] };

// One selector may record the reads and another the writes. A source is excluded from one of these halves if every
// selector of that half excludes it.
const union = (parts: readonly ManagementEvents[]): ManagementEvents => {
  const halves = [parts.filter(({ reads }) => reads), parts.filter(({ writes }) => writes)];
  const excluded = halves.flatMap(([first, ...others]) =>
    (first?.excludedSources ?? []).filter((source) =>
      others.every(({ excludedSources }) => excludedSources.includes(source)),
    ),
  );
  return {
    reads: halves[0]?.length !== 0,
    writes: halves[1]?.length !== 0,
    excludedSources: [...new Set(excluded)].toSorted(),
  };
};

// When absent, both members default to management events of both kinds.
const fromBasic = ({
  IncludeManagementEvents = true,
  ReadWriteType = 'All',
  ExcludeManagementEventSources = [],
}: EventSelector): ManagementEvents[] =>
  IncludeManagementEvents
    ? [
        {
          reads: ReadWriteType !== 'WriteOnly',
          writes: ReadWriteType !== 'ReadOnly',
          excludedSources: ExcludeManagementEventSources,
        },
      ]
    : [];

const fromAdvanced = ({ FieldSelectors = [] }: AdvancedEventSelector): ManagementEvents[] => {
  const field = (name: string) => FieldSelectors.find(({ Field }) => Field === name);
  if (field('eventCategory')?.Equals?.includes('Management') !== true || FieldSelectors.some(narrows))
    return [];
  const readOnly = field('readOnly')?.Equals;
  return [
    {
      reads: readOnly?.includes('true') ?? true,
      writes: readOnly?.includes('false') ?? true,
      excludedSources: field('eventSource')?.NotEquals ?? [],
    },
  ];
};

// An unknown field or condition may exclude anything, so such a selector proves nothing.
const narrows = ({ Field, Equals, NotEquals, ...conditions }: AdvancedFieldSelector): boolean => {
  if (Object.values(conditions).some((values) => values !== undefined && values.length > 0)) return true;
  if (Field === 'eventCategory' || Field === 'readOnly')
    return NotEquals !== undefined && NotEquals.length > 0;
  return Field !== 'eventSource' || (Equals !== undefined && Equals.length > 0);
};
