import { describe, expect, test } from 'vitest';

import { matchesPattern, parseEventPattern } from '../src/events/event-pattern.ts';

const EVENT = {
  source: 'aws.config',
  resources: ['a', 'b'],
  detail: { configRuleName: 'bucket-versioning-conformance-pack-abc', attempts: 2 },
};

describe('an EventBridge pattern', () => {
  test.for<readonly [string, object, boolean]>([
    ['a pattern without fields', {}, true],
    ['a pattern with the value', { source: ['aws.config'] }, true],
    ['a pattern with the value among others', { source: ['aws.s3', 'aws.config'] }, true],
    ['a pattern with another value', { source: ['aws.s3'] }, false],
    ['a pattern with a value of a list', { resources: ['b'] }, true],
    ['a pattern with a nested value', { detail: { attempts: [2] } }, true],
    ['a pattern with a prefix', { detail: { configRuleName: [{ prefix: 'bucket-versioning-' }] } }, true],
    [
      'a pattern with another prefix',
      { detail: { configRuleName: [{ prefix: 'bucket-encryption-' }] } },
      false,
    ],
    ['a pattern with a prefix for a number', { detail: { attempts: [{ prefix: '2' }] } }, false],
    ['a pattern with a missing field', { 'detail-type': ['x'] }, false],
    ['a pattern with a field of a text', { source: { of: ['x'] } }, false],
    ['a pattern with one matching and one other field', { source: ['aws.config'], resources: ['c'] }, false],
  ])('%s matches: $2', ([, pattern, expected]) => {
    expect(matchesPattern(parseEventPattern(JSON.stringify(pattern)), EVENT)).toBe(expected);
  });
  test.for([
    { source: [{ 'anything-but': 'aws.s3' }] },
    { $or: [{ source: ['aws.s3'] }] },
    { source: 'aws.config' },
  ])('the unsupported pattern %j is refused', (pattern) => {
    expect(() => parseEventPattern(JSON.stringify(pattern))).toThrow('Add it to events/event-pattern.ts');
  });
});
