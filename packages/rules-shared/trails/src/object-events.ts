import type { EventSelector, GetEventSelectorsCommandOutput } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';

import { fromAdvanced, gapOf, inWords, type Condition, type Selector } from './selectors.ts';

/** `reads` or `writes` of S3 objects. */
export type Half = 'reads' | 'writes';

/** What a trail records of reads, or of writes, of S3 objects. */
export const ObjectEvents = z.object({
  recorded: z.boolean(),
  /** Buckets of which all objects are left out. */
  excludedBuckets: z.array(z.string()),
  /** What else is left out, in words. */
  otherExclusions: z.array(z.string()),
});
export type ObjectEvents = z.infer<typeof ObjectEvents>;

/** What the default selector records. */
export const NO_OBJECT_EVENTS: ObjectEvents = { recorded: false, excludedBuckets: [], otherExclusions: [] };

/**
 * Summarises what the event selectors of a trail record of objects in general purpose buckets.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
export const objectEventsOf = (
  {
    EventSelectors = [],
    AdvancedEventSelectors = [],
  }: Pick<GetEventSelectorsCommandOutput, 'EventSelectors' | 'AdvancedEventSelectors'>,
  half: Half,
): ObjectEvents => {
  const selectors = [
    ...EventSelectors.flatMap(fromBasic),
    ...AdvancedEventSelectors.flatMap((selector) =>
      fromAdvanced(selector, { eventCategory: 'Data', 'resources.type': OBJECT }),
    ),
  ].filter((selector) => selector[half]);
  const { allBut, excludes } = gapOf(selectors);
  const buckets = excludes.map(bucketOf);
  return {
    recorded: selectors.length > 0,
    excludedBuckets: [...new Set(buckets.filter((bucket) => bucket !== undefined))].toSorted(),
    otherExclusions:
      allBut.length > 0
        ? [`all but ${inWords(allBut).join(', ')}`]
        : inWords(excludes.filter((_, index) => buckets[index] === undefined)),
  };
};

export const OBJECT = 'AWS::S3::Object';
export const ARN = 'resources.ARN';

/** Whether a value of a basic selector stands for all resources of its type. */
export const isEveryArn = (value: string): boolean => /^arn:[^:]+:[a-z0-9]+(?::::?)?$/.test(value);

const fromBasic = ({ DataResources = [], ReadWriteType = 'All' }: EventSelector): Selector[] =>
  DataResources.filter(({ Type }) => Type === OBJECT).map(({ Values = [] }) => ({
    reads: ReadWriteType !== 'WriteOnly',
    writes: ReadWriteType !== 'ReadOnly',
    only: Values.some(isEveryArn)
      ? []
      : Values.map((value) => ({ field: ARN, operator: 'StartsWith', value })),
    excludes: [],
  }));

/** The bucket whose objects, and no others, a condition names. */
const bucketOf = ({ field, operator, value }: Condition): string | undefined =>
  field === ARN && operator === 'StartsWith' ? /^arn:[^:]+:s3:::([^/]+)\/$/.exec(value)?.[1] : undefined;
