import { describe, expect, test } from 'vitest';

import { matchesPattern, parseEventPattern } from '../src/events/event-pattern.ts';

const EVENT = {
  source: 'aws.config',
  resources: ['a', 'b'],
  detail: { configRuleName: 'bucket-versioning-conformance-pack-abc', attempts: 2 },
};

describe('a pattern of EventBridge', () => {
  test.for<readonly [string, object, boolean]>([
    ['nothing', {}, true],
    ['a value', { source: ['aws.config'] }, true],
    ['one of several values', { source: ['aws.s3', 'aws.config'] }, true],
    ['another value', { source: ['aws.s3'] }, false],
    ['a value of a list', { resources: ['b'] }, true],
    ['a value within', { detail: { attempts: [2] } }, true],
    ['a prefix', { detail: { configRuleName: [{ prefix: 'bucket-versioning-' }] } }, true],
    ['another prefix', { detail: { configRuleName: [{ prefix: 'bucket-encryption-' }] } }, false],
    ['a prefix of what is no text', { detail: { attempts: [{ prefix: '2' }] } }, false],
    ['a field that is not there', { 'detail-type': ['x'] }, false],
    ['a field within what holds none', { source: { of: ['x'] } }, false],
    ['two fields, of which one does not fit', { source: ['aws.config'], resources: ['c'] }, false],
  ])('that asks for %s', ([, pattern, expected]) => {
    expect(matchesPattern(parseEventPattern(JSON.stringify(pattern)), EVENT)).toBe(expected);
  });
  test.for([
    { source: [{ 'anything-but': 'aws.s3' }] },
    { $or: [{ source: ['aws.s3'] }] },
    { source: 'aws.config' },
  ])('that is not known here is refused: %j', (pattern) => {
    expect(() => parseEventPattern(JSON.stringify(pattern))).toThrow('Add it to events/event-pattern.ts');
  });
});
