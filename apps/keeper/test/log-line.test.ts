import { expect, test } from 'vitest';

import { logLine } from '../src/log-line.ts';

test('a line stays JSON that CloudWatch Logs does not cut, whatever a broken file made of an error', () => {
  const what = 'Invalid input; '.repeat(100_000);
  const line = logLine({ keeper: 'run', newestAgeHours: 0.5, problem: { place: 's3://sealed/x', what } });
  expect(line.length).toBeLessThan(10_000);
  expect(line.endsWith('\n')).toBe(true);
  expect(JSON.parse(line)).toEqual({
    keeper: 'run',
    newestAgeHours: 0.5,
    problem: { place: 's3://sealed/x', what: `${what.slice(0, 4000)}…` },
  });
});
