import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { cached } from '../../src/base/cached.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a load is made once in so many seconds, then again', async () => {
  let loads = 0;
  const read = cached(async () => (loads += 1), 60);
  await expect(read()).resolves.toBe(1);
  vi.advanceTimersByTime(59_999);
  await expect(read()).resolves.toBe(1);
  vi.advanceTimersByTime(1);
  await expect(read()).resolves.toBe(2);
});

test('who asks while a load is under way shares it', async () => {
  let loads = 0;
  const read = cached(async () => (loads += 1), 60);
  await expect(Promise.all([read(), read()])).resolves.toEqual([1, 1]);
});

test('a load that failed is not remembered: the next who asks loads anew', async () => {
  let loads = 0;
  const read = cached(async () => {
    loads += 1;
    if (loads === 1) throw new Error('It is away.');
    return 'read';
  }, 60);
  await expect(read()).rejects.toThrow('It is away.');
  await expect(read()).resolves.toBe('read');
});
