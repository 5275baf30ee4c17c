import { AccountId } from '@compliance/core';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const GROUP = 'arn:aws:logs:eu-west-1:111122223333:log-group:/apis/access';
const resource = {
  resourceType: rule.resourceType,
  resourceId: 'arn:aws:apigateway:eu-west-1::/apis/a1b2/stages/prod',
};
const itemWith = (configuration: Record<string, unknown>) => ({
  ...resource,
  accountId: AccountId.parse('111122223333'),
  awsRegion: 'eu-west-1',
  status: 'OK' as const,
  captureTime: new Date('2026-11-20T12:00:00Z'),
  configuration,
  supplementary: {},
});
const fixOf = (destination: string | null, parameters: object) =>
  rule.fix?.({
    parameters: rule.parameters.parse(parameters),
    accountId: AccountId.parse('111122223333'),
    region: 'eu-west-1',
    partition: 'aws',
    now: new Date('2026-11-20T12:00:00Z'),
    resource,
    facts: { destination, exists: false },
    handles: undefined,
  });

test('an item decides without a call where the stage has no access log, and not where it names a destination', () => {
  for (const configuration of [
    {},
    { accessLogSettings: null },
    { accessLogSettings: { destinationArn: null } },
  ])
    expect(rule.observe.item?.(itemWith(configuration))?.facts).toEqual({ destination: null, exists: false });
  const accessLogSettings = { destinationArn: GROUP, format: '$context.requestId' };
  expect(rule.observe.item?.(itemWith({ accessLogSettings }))).toBeUndefined();
  expect(rule.observe.item?.(itemWith({ accessLogSettings: 'other' }))).toBeUndefined();
});

test('without a log group in the settings a person decides', () => {
  expect(fixOf(null, {})).toEqual({ manual: expect.stringContaining('logGroupArn') });
});

test('a destination that is gone is left to a person, who knows what belongs there', () => {
  expect(fixOf(GROUP, { logGroupArn: GROUP })).toEqual({ manual: expect.stringContaining(GROUP) });
});
