import { ConfigServiceClient, SelectAggregateResourceConfigCommand } from '@aws-sdk/client-config-service';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { aggregatedItems, aggregatedRegions } from '../src/commands/scan/items/aggregated-items.ts';

const KNOWN = '111122223333';
const UNKNOWN = '444455556666';
const AGGREGATOR = {
  name: 'organization',
  region: 'eu-west-1',
  sources: { [KNOWN]: { 'us-east-1': 'SUCCEEDED', 'eu-west-1': 'FAILED Access denied' } },
};

const session = () =>
  fakeSession({
    allow: ['config:SelectAggregateResourceConfig'],
    answers: [on(ConfigServiceClient, SelectAggregateResourceConfigCommand, () => ({ Results: [] }))],
  });

test('an account that the aggregator does not have is not covered, instead of having no Region', async () => {
  const regions = aggregatedRegions(AGGREGATOR, UNKNOWN);
  const recorders = await aggregatedItems(session(), AGGREGATOR, UNKNOWN).recorders(regions);
  expect([...recorders]).toEqual([
    ['eu-west-1', { state: 'off', reason: 'the aggregator does not have it' }],
  ]);
});

test('a source that the aggregator failed to read is not covered; without an item of its recorder it is unknown', async () => {
  const regions = aggregatedRegions(AGGREGATOR, KNOWN);
  const recorders = await aggregatedItems(session(), AGGREGATOR, KNOWN).recorders(regions);
  expect([...recorders]).toEqual([
    ['eu-west-1', { state: 'off', reason: 'the aggregator says FAILED Access denied' }],
    ['us-east-1', { state: 'unknown' }],
  ]);
});
