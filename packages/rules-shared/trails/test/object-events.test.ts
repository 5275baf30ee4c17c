import type { AdvancedFieldSelector, EventSelector } from '@aws-sdk/client-cloudtrail';
import { describe, expect, test } from 'vitest';

import { NO_OBJECT_EVENTS, objectEventsOf, type ObjectEvents } from '../src/object-events.ts';

const all: ObjectEvents = { recorded: true, excludedBuckets: [], otherExclusions: [] };
const none = NO_OBJECT_EVENTS;
const objects = (...fields: readonly AdvancedFieldSelector[]) => ({
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
    ...fields,
  ],
});
const arn = (operators: Omit<AdvancedFieldSelector, 'Field'>) => ({ Field: 'resources.ARN', ...operators });
const basic = (Type: string, ...Values: string[]): EventSelector => ({ DataResources: [{ Type, Values }] });
const onlyBucket = 'all but resources.ARN arn:aws:s3:::one/*';

describe('basic selectors', () => {
  test.each<[string, EventSelector[], ObjectEvents]>([
    ['the default selector records no object', [{ ReadWriteType: 'All' }], none],
    ['every ARN of S3 stands for all buckets', [basic('AWS::S3::Object', 'arn:aws:s3')], all],
    ['every ARN of buckets stands for all buckets', [basic('AWS::S3::Object', 'arn:aws-cn:s3:::')], all],
    [
      'the ARN of a bucket stands for that bucket',
      [basic('AWS::S3::Object', 'arn:aws:s3:::one/')],
      { ...all, otherExclusions: [onlyBucket] },
    ],
    ['functions are no objects', [basic('AWS::Lambda::Function', 'arn:aws:lambda')], none],
  ])('%s', (_, EventSelectors, expected) => {
    expect(objectEventsOf({ EventSelectors }, 'writes')).toEqual(expected);
    expect(objectEventsOf({ EventSelectors }, 'reads')).toEqual(expected);
  });

  test('a ReadOnly selector records reads and no writes', () => {
    const EventSelectors: EventSelector[] = [
      { ...basic('AWS::S3::Object', 'arn:aws:s3'), ReadWriteType: 'ReadOnly' },
    ];
    expect(objectEventsOf({ EventSelectors }, 'reads')).toEqual(all);
    expect(objectEventsOf({ EventSelectors }, 'writes')).toEqual(none);
  });
});

describe('advanced selectors', () => {
  const logs = arn({ NotStartsWith: ['arn:aws:s3:::logs/'] });
  test.each<[string, ReturnType<typeof objects>[], ObjectEvents]>([
    ['a selector of objects records all of them', [objects()], all],
    [
      'objects of directory buckets are not those of other buckets',
      [
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Data'] },
            { Field: 'resources.type', Equals: ['AWS::S3Express::Object'] },
          ],
        },
      ],
      none,
    ],
    ['a selector without a bucket leaves it out', [objects(logs)], { ...all, excludedBuckets: ['logs'] }],
    [
      'a bucket that another selector records is not left out',
      [objects(logs), objects(arn({ StartsWith: ['arn:aws:s3:::logs/'] }))],
      all,
    ],
    [
      'a selector without the beginning of names leaves out more than one bucket',
      [objects(arn({ NotStartsWith: ['arn:aws:s3:::logs'] }))],
      { ...all, otherExclusions: ['resources.ARN arn:aws:s3:::logs*'] },
    ],
    [
      'a selector of one event leaves out all others',
      [objects({ Field: 'eventName', Equals: ['PutObject'] })],
      { ...all, otherExclusions: ['all but eventName PutObject'] },
    ],
  ])('%s', (_, AdvancedEventSelectors, expected) => {
    expect(objectEventsOf({ AdvancedEventSelectors }, 'writes')).toEqual(expected);
  });

  test('a selector of writes records no reads', () => {
    const AdvancedEventSelectors = [objects({ Field: 'readOnly', Equals: ['false'] })];
    expect(objectEventsOf({ AdvancedEventSelectors }, 'writes')).toEqual(all);
    expect(objectEventsOf({ AdvancedEventSelectors }, 'reads')).toEqual(none);
  });
});
