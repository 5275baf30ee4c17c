import { AccountId } from '@compliance/core';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const contextWith = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});
const off = { target: null, toItself: false };
const toItself = { target: 'logs', toItself: true };

test.each([
  ['no access logging', off, 'Server access logging of the log bucket is off.'],
  ['access logging into itself', toItself, 'The log bucket logs its accesses into itself.'],
])('a log bucket with %s is NON_COMPLIANT', (_, log, annotation) => {
  expect(rule.judge({ log }, contextWith())).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
});

test.each([
  ['a log bucket where no target is set', off, {}, 'targetBucket'],
  ['the target of the settings itself', off, { targetBucket: 'logs' }, 'to another bucket than itself'],
  [
    'a log bucket that logs into itself',
    toItself,
    { targetBucket: 'access' },
    'to another bucket than itself',
  ],
])('%s is left to a person', (_, log, parameters, text) => {
  const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' };
  expect(rule.fix?.({ ...contextWith(parameters), resource, facts: { log }, handles: undefined })).toEqual({
    manual: expect.stringContaining(text),
  });
});
