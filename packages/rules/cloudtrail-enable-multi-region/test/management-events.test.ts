import type { AdvancedFieldSelector, EventSelector } from '@aws-sdk/client-cloudtrail';
import { describe, expect, test } from 'vitest';

import { managementEventsOf, type ManagementEvents } from '../src/management-events.ts';

const management = (...fields: readonly AdvancedFieldSelector[]) => ({
  FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, ...fields],
});
const readOnly = (value: 'true' | 'false') => ({ Field: 'readOnly', Equals: [value] });
const without = (...sources: string[]) => ({ Field: 'eventSource', NotEquals: sources });

const everything = { reads: true, writes: true, excludedSources: [] };
const nothing = { reads: false, writes: false, excludedSources: [] };

describe('basic selectors', () => {
  test.each<[string, EventSelector[], ManagementEvents]>([
    ['none: what CloudTrail does by default', [], everything],
    [
      'the default selector as AWS spells it out',
      [{ IncludeManagementEvents: true, ReadWriteType: 'All' }],
      everything,
    ],
    ['no management events', [{ IncludeManagementEvents: false, ReadWriteType: 'All' }], nothing],
    ['reads only', [{ ReadWriteType: 'ReadOnly' }], { ...everything, writes: false }],
    ['writes only', [{ ReadWriteType: 'WriteOnly' }], { ...everything, reads: false }],
    ['both halves', [{ ReadWriteType: 'ReadOnly' }, { ReadWriteType: 'WriteOnly' }], everything],
    [
      'a source left out',
      [
        {
          ReadWriteType: 'All',
          ExcludeManagementEventSources: ['rdsdata.amazonaws.com', 'kms.amazonaws.com'],
        },
      ],
      { ...everything, excludedSources: ['kms.amazonaws.com', 'rdsdata.amazonaws.com'] },
    ],
    [
      'a source that only one of two selectors leaves out',
      [
        { ReadWriteType: 'All', ExcludeManagementEventSources: ['kms.amazonaws.com'] },
        { ReadWriteType: 'All' },
      ],
      everything,
    ],
    [
      'a source that one of two halves leaves out',
      [
        { ReadWriteType: 'ReadOnly', ExcludeManagementEventSources: ['kms.amazonaws.com'] },
        { ReadWriteType: 'WriteOnly' },
      ],
      { ...everything, excludedSources: ['kms.amazonaws.com'] },
    ],
  ])('%s', (_, EventSelectors, expected) => {
    expect(managementEventsOf({ EventSelectors })).toEqual(expected);
  });
});

describe('advanced selectors', () => {
  test.each([
    ['all management events', [management()], everything],
    ['reads only', [management(readOnly('true'))], { ...everything, writes: false }],
    ['writes only', [management(readOnly('false'))], { ...everything, reads: false }],
    ['both halves', [management(readOnly('true')), management(readOnly('false'))], everything],
    [
      'a source left out',
      [management(without('kms.amazonaws.com'))],
      { ...everything, excludedSources: ['kms.amazonaws.com'] },
    ],
    ['data events only', [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }], nothing],
    ['one source only', [management({ Field: 'eventSource', Equals: ['s3.amazonaws.com'] })], nothing],
    ['a field we do not know', [management({ Field: 'eventName', NotEquals: ['AssumeRole'] })], nothing],
    ['a condition we do not weigh', [management({ Field: 'eventSource', NotStartsWith: ['k'] })], nothing],
  ])('%s', (_, AdvancedEventSelectors, expected) => {
    expect(managementEventsOf({ EventSelectors: [], AdvancedEventSelectors })).toEqual(expected);
  });
});
