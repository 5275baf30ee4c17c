import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { cached } from '../../src/base/cached.ts';
import { systemClock } from '../../src/base/clock.ts';

const { now } = systemClock;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a cached value is loaded again after its seconds, not before', async () => {
  let loads = 0;
  const read = cached(async () => (loads += 1), 60, now);
  await expect(read()).resolves.toBe(1);
  vi.advanceTimersByTime(59_999);
  await expect(read()).resolves.toBe(1);
  vi.advanceTimersByTime(1);
  await expect(read()).resolves.toBe(2);
});

test('concurrent calls share one load', async () => {
  let loads = 0;
  const read = cached(async () => (loads += 1), 60, now);
  await expect(Promise.all([read(), read()])).resolves.toEqual([1, 1]);
});

test('a failed load is not cached: the next call loads again', async () => {
  let loads = 0;
  const read = cached(
    async () => {
      loads += 1;
      if (loads === 1) throw new Error('Unavailable.');
      return 'read';
    },
    60,
    now,
  );
  await expect(read()).rejects.toThrow('Unavailable.');
  await expect(read()).resolves.toBe('read');
});
