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
    ['no selector records all management events', [], everything],
    [
      'the default selector records all management events',
      [{ IncludeManagementEvents: true, ReadWriteType: 'All' }],
      everything,
    ],
    [
      'a selector without management events records none',
      [{ IncludeManagementEvents: false, ReadWriteType: 'All' }],
      nothing,
    ],
    [
      'a ReadOnly selector records reads only',
      [{ ReadWriteType: 'ReadOnly' }],
      { ...everything, writes: false },
    ],
    [
      'a WriteOnly selector records writes only',
      [{ ReadWriteType: 'WriteOnly' }],
      { ...everything, reads: false },
    ],
    [
      'a ReadOnly and a WriteOnly selector record all management events',
      [{ ReadWriteType: 'ReadOnly' }, { ReadWriteType: 'WriteOnly' }],
      everything,
    ],
    [
      'a selector excludes its sources from reads and writes',
      [
        {
          ReadWriteType: 'All',
          ExcludeManagementEventSources: ['rdsdata.amazonaws.com', 'kms.amazonaws.com'],
        },
      ],
      { ...everything, excludedSources: ['kms.amazonaws.com', 'rdsdata.amazonaws.com'] },
    ],
    [
      'a source that only one of two selectors excludes is recorded',
      [
        { ReadWriteType: 'All', ExcludeManagementEventSources: ['kms.amazonaws.com'] },
        { ReadWriteType: 'All' },
      ],
      everything,
    ],
    [
      'a source that the only selector of reads excludes is excluded',
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
    ['an advanced selector of management events records all of them', [management()], everything],
    [
      'an advanced selector of reads records reads only',
      [management(readOnly('true'))],
      { ...everything, writes: false },
    ],
    [
      'an advanced selector of writes records writes only',
      [management(readOnly('false'))],
      { ...everything, reads: false },
    ],
    [
      'advanced selectors of reads and of writes record all management events',
      [management(readOnly('true')), management(readOnly('false'))],
      everything,
    ],
    [
      'an advanced selector excludes its sources',
      [management(without('kms.amazonaws.com'))],
      { ...everything, excludedSources: ['kms.amazonaws.com'] },
    ],
    [
      'an advanced selector of data events records no management events',
      [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }],
      nothing,
    ],
    [
      'an advanced selector without an event name leaves out that name alone',
      [management({ Field: 'eventName', NotEquals: ['AssumeRole'] })],
      { ...everything, otherExclusions: ['eventName AssumeRole'] },
    ],
    [
      'an advanced selector without the beginnings or ends of values leaves out those',
      [
        management(
          { Field: 'eventSource', NotStartsWith: ['k'] },
          { Field: 'eventName', NotEndsWith: ['Tags'] },
        ),
      ],
      { ...everything, otherExclusions: ['eventName *Tags', 'eventSource k*'] },
    ],
    [
      'an advanced selector of one source leaves out all others',
      [management({ Field: 'eventSource', Equals: ['s3.amazonaws.com'] })],
      { ...everything, otherExclusions: ['all but eventSource s3.amazonaws.com'] },
    ],
    [
      'advanced selectors of two sources leave out all others',
      [
        management({ Field: 'eventSource', Equals: ['s3.amazonaws.com'] }),
        management({ Field: 'eventSource', Equals: ['ec2.amazonaws.com'] }),
      ],
      {
        ...everything,
        otherExclusions: ['all but eventSource ec2.amazonaws.com, eventSource s3.amazonaws.com'],
      },
    ],
    [
      'an advanced selector of one source beside one of all events leaves out nothing',
      [management({ Field: 'eventSource', Equals: ['s3.amazonaws.com'] }), management()],
      everything,
    ],
    [
      'an advanced selector of reads without an event name leaves it out of the reads',
      [
        management(readOnly('true'), { Field: 'eventName', NotEquals: ['GetItem'] }),
        management(readOnly('false')),
      ],
      { ...everything, otherExclusions: ['eventName GetItem (reads)'] },
    ],
    [
      'an event that one advanced selector leaves out by source and another by name is not recorded',
      [management(without('kms.amazonaws.com')), management({ Field: 'eventName', NotEquals: ['Decrypt'] })],
      { ...everything, excludedSources: ['kms.amazonaws.com'], otherExclusions: ['eventName Decrypt'] },
    ],
    [
      'advanced selectors without one source each leave out nothing',
      [management(without('kms.amazonaws.com')), management(without('rdsdata.amazonaws.com'))],
      everything,
    ],
    [
      'an advanced selector of the one source that another excludes leaves out nothing',
      [
        management(without('kms.amazonaws.com')),
        management({ Field: 'eventSource', Equals: ['kms.amazonaws.com'] }),
      ],
      everything,
    ],
    [
      'an advanced selector of the sources that begin as one that another excludes leaves out nothing',
      [management(without('kms.amazonaws.com')), management({ Field: 'eventSource', StartsWith: ['k'] })],
      everything,
    ],
    [
      'an advanced selector of one of two excluded sources leaves out the other',
      [
        management(without('kms.amazonaws.com', 'rdsdata.amazonaws.com')),
        management({ Field: 'eventSource', Equals: ['kms.amazonaws.com'] }),
      ],
      { ...everything, excludedSources: ['rdsdata.amazonaws.com'] },
    ],
    [
      'an advanced selector of some events of an excluded source leaves out its others',
      [
        management(without('kms.amazonaws.com')),
        management(
          { Field: 'eventSource', Equals: ['kms.amazonaws.com'] },
          { Field: 'eventName', Equals: ['Decrypt'] },
        ),
      ],
      { ...everything, excludedSources: ['kms.amazonaws.com'] },
    ],
    [
      'an advanced selector of an excluded source without one of its events leaves out that source, in part',
      [
        management(without('kms.amazonaws.com')),
        management(
          { Field: 'eventSource', Equals: ['kms.amazonaws.com'] },
          { Field: 'eventName', NotEquals: ['Decrypt'] },
        ),
      ],
      { ...everything, excludedSources: ['kms.amazonaws.com'] },
    ],
    [
      'an advanced selector of reads of an excluded source leaves out its writes',
      [
        management(without('kms.amazonaws.com')),
        management(readOnly('true'), { Field: 'eventSource', Equals: ['kms.amazonaws.com'] }),
      ],
      { ...everything, excludedSources: ['kms.amazonaws.com'] },
    ],
    [
      'advanced selectors without different beginnings of a name leave out nothing',
      [
        management({ Field: 'eventName', NotStartsWith: ['Get'] }),
        management({ Field: 'eventName', NotStartsWith: ['List'] }),
      ],
      everything,
    ],
    [
      'advanced selectors without a beginning of names, and without one such name, leave out that name',
      [
        management({ Field: 'eventName', NotStartsWith: ['Get'] }),
        management({ Field: 'eventName', NotEquals: ['GetObject'] }),
      ],
      { ...everything, otherExclusions: ['eventName GetObject'] },
    ],
    [
      'an advanced selector of excluded sources without one of them leaves that one out, with all others in words',
      [
        management({ Field: 'eventSource', NotStartsWith: ['k'] }),
        management({ Field: 'eventSource', StartsWith: ['k'], NotEquals: ['kms.amazonaws.com'] }),
      ],
      { ...everything, otherExclusions: ['eventSource k*'] },
    ],
    [
      'an advanced selector with an unknown operator leaves out what it does not name',
      [management({ Field: 'eventName', Matches: ['Get.*'] } as AdvancedFieldSelector)],
      { ...everything, otherExclusions: ['all but eventName Matches Get.*'] },
    ],
  ])('%s', (_, AdvancedEventSelectors, expected) => {
    expect(managementEventsOf({ EventSelectors: [], AdvancedEventSelectors })).toEqual(expected);
  });
});
