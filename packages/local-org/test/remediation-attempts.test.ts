import { expect, test } from 'vitest';

import { afterFailure, afterSuccess, type Attempts, noAttempts } from '../src/config/remediation-attempts.ts';

const limits = { maximumAutomaticAttempts: 3, retryAttemptSeconds: 60 };
const failures = (...seconds: number[]): Attempts =>
  seconds.reduce<Attempts>(
    (attempts, second) => afterFailure(attempts, new Date(second * 1000), limits),
    noAttempts,
  );

test('two failures of three allowed ones add no exception', () => {
  expect(failures(0, 10).excepted).toBe(false);
});
test('the third failure within the window adds an exception', () => {
  expect(failures(0, 10, 20).excepted).toBe(true);
});
test('failures further apart than the window never add an exception', () => {
  expect(failures(0, 61, 122, 183).excepted).toBe(false);
});
test('a success resets the failures', () => {
  const attempts = afterFailure(afterSuccess(failures(0, 10)), new Date(20_000), limits);
  expect(attempts).toMatchObject({ excepted: false, failedAt: [new Date(20_000)] });
});
test('an exception stays after the window', () => {
  expect(afterFailure(failures(0, 1, 2), new Date(999_000), limits).excepted).toBe(true);
});
