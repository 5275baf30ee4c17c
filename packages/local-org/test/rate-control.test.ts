import { expect, test } from 'vitest';

import { rateControlOf, runForEachTarget } from '../src/ssm/rate-control.ts';

const request = (over: object = {}) => ({
  TargetParameterName: 'ResourceId',
  Targets: [{ Key: 'ParameterValues', Values: ['a', 'b', 'c', 'd'] }],
  ...over,
});
const wanted = (over: object = {}) =>
  rateControlOf(request(over)) ?? expect.fail('the request has rate control');

/** Starts every target that may start; `failing` of them fail. */
const run = async (over: object = {}, failing: readonly string[] = [], stopAfter = Infinity) => {
  const started: string[] = [];
  let now = 0;
  let most = 0;
  const startOne = async (target: string) => {
    started.push(target);
    most = Math.max(most, (now += 1));
    await Promise.resolve();
    now -= 1;
    return failing.includes(target) ? 'no such bucket' : undefined;
  };
  const end = await runForEachTarget(wanted(over), startOne, () => started.length >= stopAfter);
  return { ...end, started, most };
};

test('a request without targets has no rate control', () => {
  expect(rateControlOf({})).toBeUndefined();
});

test.each([
  ['ten at a time and no error, by default', {}, { maxConcurrency: 10, maxErrors: 0 }],
  ['numbers', { MaxConcurrency: '2', MaxErrors: '3' }, { maxConcurrency: 2, maxErrors: 3 }],
  ['shares of the targets', { MaxConcurrency: '50%', MaxErrors: '25%' }, { maxConcurrency: 2, maxErrors: 1 }],
  ['one at least', { MaxConcurrency: '1%' }, { maxConcurrency: 1, maxErrors: 0 }],
])('a request allows %s', (_, over, limits) => {
  expect(wanted(over)).toMatchObject({
    parameterName: 'ResourceId',
    targets: ['a', 'b', 'c', 'd'],
    ...limits,
  });
});

test.each([
  ['targets without a parameter', { TargetParameterName: undefined }, 'are given together'],
  ['a parameter without targets', { Targets: undefined }, 'are given together'],
  ['targets by tag', { Targets: [{ Key: 'tag:Env', Values: ['x'] }] }, 'Not supported by the local SSM'],
])('a request is refused with %s', (_, over, message) => {
  expect(() => rateControlOf(request(over))).toThrow(message);
});

test('every target is started once, no more at a time than the request says', async () => {
  await expect(run({ MaxConcurrency: '2' })).resolves.toMatchObject({
    status: 'Success',
    started: ['a', 'b', 'c', 'd'],
    most: 2,
  });
});

test('no target begins after more errors than the request allows', async () => {
  await expect(run({ MaxConcurrency: '1', MaxErrors: '1' }, ['a', 'b'])).resolves.toMatchObject({
    status: 'Failed',
    failure: '2 of 4 targets failed: a: no such bucket; b: no such bucket',
    started: ['a', 'b'],
  });
});

test('no target begins after the execution was stopped', async () => {
  await expect(run({ MaxConcurrency: '1' }, [], 2)).resolves.toMatchObject({
    status: 'Cancelled',
    started: ['a', 'b'],
  });
});
