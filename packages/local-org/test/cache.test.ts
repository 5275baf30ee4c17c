import { expect, test, vi } from 'vitest';

import { createCache } from '../src/base/cache.ts';

test('what several ask for at once is loaded once, and again once it is forgotten', async () => {
  const remembered = createCache<string>();
  const load = vi.fn<() => Promise<string>>().mockResolvedValueOnce('old').mockResolvedValueOnce('new');
  await expect(Promise.all([remembered.read('a', load), remembered.read('a', load)])).resolves.toEqual([
    'old',
    'old',
  ]);
  remembered.invalidate('b');
  await expect(remembered.read('a', load)).resolves.toBe('old');
  remembered.invalidate('a');
  await expect(remembered.read('a', load)).resolves.toBe('new');
});

test('a fault is not remembered', async () => {
  const remembered = createCache<string>();
  await expect(remembered.read('a', () => Promise.reject(new Error('throttled')))).rejects.toThrow(
    'throttled',
  );
  await expect(remembered.read('a', async () => 'read')).resolves.toBe('read');
});

test('what was read before a write is not remembered after it', async () => {
  const remembered = createCache<string>();
  const { promise, resolve } = Promise.withResolvers<string>();
  const before = remembered.read('a', () => promise);
  remembered.invalidate();
  resolve('old');
  await expect(before).resolves.toBe('old');
  await expect(remembered.read('a', async () => 'new')).resolves.toBe('new');
});
