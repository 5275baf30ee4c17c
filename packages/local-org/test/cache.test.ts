import { expect, test, vi } from 'vitest';

import { createCache } from '../src/base/cache.ts';

test('concurrent reads share one load, and a read after an invalidation loads again', async () => {
  const cache = createCache<string>();
  const load = vi.fn<() => Promise<string>>().mockResolvedValueOnce('old').mockResolvedValueOnce('new');
  await expect(Promise.all([cache.read('a', load), cache.read('a', load)])).resolves.toEqual(['old', 'old']);
  cache.invalidate('b');
  await expect(cache.read('a', load)).resolves.toBe('old');
  cache.invalidate('a');
  await expect(cache.read('a', load)).resolves.toBe('new');
});

test('a failed load is not cached', async () => {
  const cache = createCache<string>();
  await expect(cache.read('a', () => Promise.reject(new Error('throttled')))).rejects.toThrow('throttled');
  await expect(cache.read('a', async () => 'read')).resolves.toBe('read');
});

test('a load that started before an invalidation is not cached', async () => {
  const cache = createCache<string>();
  const { promise, resolve } = Promise.withResolvers<string>();
  const before = cache.read('a', () => promise);
  cache.invalidate();
  resolve('old');
  await expect(before).resolves.toBe('old');
  await expect(cache.read('a', async () => 'new')).resolves.toBe('new');
});
