import {
  CloudTrailClient,
  GetEventSelectorsCommand,
  PutEventSelectorsCommand,
  type AdvancedEventSelector,
  type EventSelector,
} from '@aws-sdk/client-cloudtrail';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { trailSelectors, withSelector } from '../src/trail-selectors.ts';

interface Stored {
  readonly EventSelectors?: EventSelector[] | undefined;
  readonly AdvancedEventSelectors?: AdvancedEventSelector[] | undefined;
}

/** A stateful fake of one trail: CloudTrail answers empty lists for what is not set. */
const trail = (before: Stored) => {
  let stored = before;
  const session = fakeSession({
    allow: ['cloudtrail:GetEventSelectors', 'cloudtrail:PutEventSelectors'],
    answers: [
      on(CloudTrailClient, GetEventSelectorsCommand, () => stored),
      on(CloudTrailClient, PutEventSelectorsCommand, ({ EventSelectors, AdvancedEventSelectors }) => {
        stored = { EventSelectors, AdvancedEventSelectors };
        return {};
      }),
    ],
  });
  const read = async () => (await trailSelectors.read('main', session)) ?? trailSelectors.defaults;
  const write = (content: Awaited<ReturnType<typeof read>>) => trailSelectors.write('main', content, session);
  return { read, write, stored: () => stored };
};

const byDefault = { ReadWriteType: 'All', IncludeManagementEvents: true } as const;
const management = { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] };
const added = { Name: 'added', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] };

test.each([
  ['empty lists', { EventSelectors: [], AdvancedEventSelectors: [] }],
  [
    'the default selector with empty lists',
    { EventSelectors: [{ ...byDefault, DataResources: [], ExcludeManagementEventSources: [] }] },
  ],
])('a trail that answers %s has the default selector', async (_, answer) => {
  await expect(trail(answer).read()).resolves.toEqual({ basic: [byDefault], advanced: [] });
});

test('an added selector leaves a trail the management events that its default selector recorded', async () => {
  const { read, write, stored } = trail({});
  await write(withSelector(await read(), added));
  expect(stored()).toEqual({ AdvancedEventSelectors: [management, added] });
});

test('basic selectors become advanced ones that record the same', async () => {
  const { read, write, stored } = trail({
    EventSelectors: [
      {
        ReadWriteType: 'WriteOnly',
        IncludeManagementEvents: true,
        ExcludeManagementEventSources: ['kms.amazonaws.com'],
        DataResources: [
          { Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::one/'] },
          { Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] },
          { Type: 'AWS::DynamoDB::Table', Values: ['arn:aws:dynamodb:eu-west-1:111122223333:table/t'] },
        ],
      },
      { ReadWriteType: 'ReadOnly', IncludeManagementEvents: false },
    ],
  });
  await write(withSelector(await read(), added));
  const writes = { Field: 'readOnly', Equals: ['false'] };
  const data = (type: string) => [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: [type] },
    writes,
  ];
  expect(stored().AdvancedEventSelectors).toEqual([
    {
      FieldSelectors: [
        ...management.FieldSelectors,
        writes,
        { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] },
      ],
    },
    {
      FieldSelectors: [
        ...data('AWS::S3::Object'),
        { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::one/'] },
      ],
    },
    { FieldSelectors: data('AWS::Lambda::Function') },
    {
      FieldSelectors: [
        ...data('AWS::DynamoDB::Table'),
        { Field: 'resources.ARN', Equals: ['arn:aws:dynamodb:eu-west-1:111122223333:table/t'] },
      ],
    },
    added,
  ]);
});

test('basic selectors that an undo restores beside a later edit are written as advanced ones', async () => {
  const { write, stored } = trail({});
  await write({ basic: [byDefault], advanced: [added] });
  expect(stored()).toEqual({ AdvancedEventSelectors: [management, added] });
});

test('selectors with a member that is not known are refused, because a write would lose it', async () => {
  const unknown = { Field: 'eventName', Matches: ['Get.*'] };
  await expect(trail({ AdvancedEventSelectors: [{ FieldSelectors: [unknown] }] }).read()).rejects.toThrow(
    'Matches',
  );
});
