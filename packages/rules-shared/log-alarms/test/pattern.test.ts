import type { Json } from '@compliance/core/rule';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { matchesEvent } from '../src/pattern/matches-event.ts';
import { parsePattern } from '../src/pattern/parse-pattern.ts';

const matches = (pattern: string, event: Json): boolean => {
  const parsed = parsePattern(pattern);
  if ('unreadable' in parsed) throw new Error(parsed.unreadable);
  return matchesEvent(parsed, event);
};

// The events and patterns of https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
const TRAIL = {
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  'cluster.name': 'c',
};
const USERS = {
  user: { id: 1, email: 'John.Stiles@example.com' },
  users: [
    { id: 2, email: 'John.Doe@example.com' },
    { id: 3, email: 'Jane.Doe@example.com' },
  ],
  actions: ['GET', 'PUT', 'DELETE'],
  coordinates: [
    [0, 1, 2],
    [4, 5, 6],
  ],
};
const NUMBERS = { latency: 500, errorCode: 400, number: [1000, 0.001], ratio: -0.5 };
const CREATE_ROUTE_TABLE = { eventSource: 'ec2.amazonaws.com', eventName: 'CreateRouteTable' };

test.each([
  ['{ $.eventType = "UpdateTrail" }', TRAIL],
  ['{ $.sourceIPAddress != 123.123.* }', TRAIL],
  ['{ $.arrayKey[0] = "value" }', TRAIL],
  ['{ $.objectList[1].id = 2 }', TRAIL],
  ['{ $.eventType = %Trail% }', TRAIL],
  ['{ $.arrayKey[*] = %val.{2}% }', TRAIL],
  [String.raw`{ $.* = %111\.111\.111\.1[0-9]{1,2}% }`, TRAIL],
  ['{ $.[\'cluster.name\'] = "c" }', TRAIL],
  ['{ $.SomeObject IS NULL }', TRAIL],
  ['{ $.ThisFlag IS TRUE }', TRAIL],
  ['{ $.SomeOtherObject NOT EXISTS }', TRAIL],
  ['{ $.eventType EXISTS }', TRAIL],
  ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', USERS],
  [
    '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }',
    USERS,
  ],
  ['{ $.latency >= 500 }', NUMBERS],
  ['{ $.latency < 10e3 }', NUMBERS],
  ['{ $.errorCode = 400}', NUMBERS],
  ['{ $.errorCode != 500 }', NUMBERS],
  ['{ $.number[0] = 1e+3 }', NUMBERS],
  ['{ $.number[1] = 1e-3 }', NUMBERS],
  ['{ $.ratio > -1 && $.ratio <= +0 }', NUMBERS],
  ['{ $.errorCode = 4* }', NUMBERS],
  ['{($.eventName=CreateRouteTable)||($.eventName=CreateRoute)}', CREATE_ROUTE_TABLE],
  [
    '{\n  ($.eventName = "CreateRouteTable") &&\n\t($.eventSource = ec2.amazonaws.com)\n}',
    CREATE_ROUTE_TABLE,
  ],
  ['{ (((($.eventName = CreateRoute*)))) }', CREATE_ROUTE_TABLE],
  ['{ $.eventName = "*Table" }', CREATE_ROUTE_TABLE],
  ['{ $.eventName = *Route* }', CREATE_ROUTE_TABLE],
  ['{ $.eventName = * }', CREATE_ROUTE_TABLE],
  ['{ $.eventName = %^Create|^Delete% }', CREATE_ROUTE_TABLE],
  ['', CREATE_ROUTE_TABLE],
])('%s matches', (pattern, event) => {
  expect(matches(pattern, event)).toBe(true);
});

test.each([
  ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', USERS],
  [
    '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }',
    USERS,
  ],
  ['{ $.eventName = CreateRoute }', CREATE_ROUTE_TABLE],
  ['{ $.eventName = createroutetable }', CREATE_ROUTE_TABLE],
  ['{ $.eventName = %Route$% }', CREATE_ROUTE_TABLE],
  ['{ $.eventName = RouteTable }', CREATE_ROUTE_TABLE],
  ['{ $.eventName > 5 }', CREATE_ROUTE_TABLE],
  ['{ $.eventName[0] = C }', CREATE_ROUTE_TABLE],
  ['{ $.actions.length = 3 }', USERS],
  ['{ $.SomeOtherObject IS NULL }', TRAIL],
  ['{ $.SomeObject NOT EXISTS }', TRAIL],
  ['{ $.ThisFlag = true }', TRAIL],
])('%s does not match', (pattern, event) => {
  expect(matches(pattern, event)).toBe(false);
});

test.each(['$.users = 1', '$.users != 1', '$.user != 1', '$.absent = 1', '$.absent != 1'])(
  'a field that is an object, a list or absent fails to match either way: %s',
  (condition) => {
    expect(matches(`{ ${condition} }`, USERS)).toBe(false);
  },
);

test.each([
  ['colou?r', 'the color', true],
  ['colou?r', 'colouur', false],
  ['ab+c', 'xabbcx', true],
  ['ab+c', 'ac', false],
  ['a{3,5}b', 'aaaab', true],
  ['^a{3}$', 'aaaa', false],
  ['^a{,2}$', 'aa', true],
  ['[^0-9]', '12', false],
  [String.raw`\d\w\s\S`, 'a1b c', true],
  [String.raw`\[.\]`, '[]]', true],
  [String.raw`[\x41-C]z`, 'Bz', true],
  [String.raw`\x28ok`, '(ok', true],
  ['gra|ey', 'grey', true],
])('the regular expression %s on "%s" is %s', (expression, value, expected) => {
  expect(matches(`{ $.field = %${expression}% }`, { field: value })).toBe(expected);
});

test.each([
  ['ERROR -WARN', 'its pattern is not one for JSON events'],
  ['[ip, user, ...]', 'its pattern is not one for JSON events'],
  ['{ $.eventName = CreateRoute', 'its pattern is not one for JSON events'],
  ['{ }', 'its pattern has an early end'],
  ['{ ($.eventName = CreateRoute }', 'its pattern has an early end'],
  ['{ $.eventName = }', 'its pattern has an early end'],
  ['{ $.eventName == CreateRoute }', 'its pattern has an unexpected = CreateRoute'],
  ["{ $.eventName = 'CreateRoute' }", "its pattern has an unexpected 'CreateRoute'"],
  ['{ $.errorMessage = Failed authentication }', 'its pattern has an unexpected authentication'],
  ['{ $.a = 1 and $.b = 2 }', 'its pattern has an unexpected and $.b = 2'],
  ['{ $.a IS NOT NULL }', 'its pattern has an unexpected NOT NULL'],
  ['{ eventName = CreateRoute }', 'its pattern has an unexpected eventName = CreateRo'],
  ['{ $.eventName = Create*Table }', 'its pattern has a wildcard inside of Create*Table'],
  ['{ $.a > b }', 'its pattern has no number after >'],
  ['{ $.a[*] != b }', 'its pattern has != after a wildcard selector'],
  ['{ $.a = %(b)% }', 'its pattern has the regular expression %(b)%'],
  ['{ $.a = %*b% }', 'its pattern has * without a term to repeat'],
  ['{ $.a = "\u00fc" && }', 'its pattern has an early end'],
  ['{ \u00fc }', 'its pattern has an unexpected ?'],
])('%s cannot be read', (pattern, unreadable) => {
  expect(parsePattern(pattern)).toEqual({ unreadable });
});

describe('any pattern', () => {
  const PIECES =
    '{ } ( ) $.a $.a[0] $.* = != < && || IS NULL NOT EXISTS "b" b* %b+% %[% 1e3 \\ " % \u00e9'.split(' ');
  const pieces = fc.array(fc.constantFrom(...PIECES, ' '), { maxLength: 12 });
  const patterns = fc.oneof(
    fc.string(),
    pieces.map((parts) => parts.join('')),
    pieces.map((parts) => `{ ${parts.join(' ')} }`),
  );

  test('is read or refused in ASCII, and never throws', () => {
    fc.assert(
      fc.property(patterns, fc.json(), (pattern, event) => {
        const parsed = parsePattern(pattern);
        const result = 'unreadable' in parsed ? parsed.unreadable : matchesEvent(parsed, JSON.parse(event));
        expect(String(result)).toMatch(/^[ -~]{1,90}$/);
      }),
    );
  });

  // JavaScript's own expressions would not end.
  test('is evaluated in a short time, also one that is written to take years', () => {
    const hostile = `{ $.a = %${'.*'.repeat(400)}x% || $.a = "${'*'.repeat(100)}y" }`;
    expect(matches(hostile, { a: 'a'.repeat(60) })).toBe(false);
  });
});
