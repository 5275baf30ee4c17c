import { expect, test, vi } from 'vitest';

import { createRemembered } from '../src/base/cache.ts';

test('what several ask for at once is loaded once, and again once it is forgotten', async () => {
  const remembered = createRemembered<string>();
  const load = vi.fn<() => Promise<string>>().mockResolvedValueOnce('old').mockResolvedValueOnce('new');
  await expect(Promise.all([remembered.read('a', load), remembered.read('a', load)])).resolves.toEqual([
    'old',
    'old',
  ]);
  remembered.forget('b');
  await expect(remembered.read('a', load)).resolves.toBe('old');
  remembered.forget('a');
  await expect(remembered.read('a', load)).resolves.toBe('new');
});

test('a fault is not remembered', async () => {
  const remembered = createRemembered<string>();
  await expect(remembered.read('a', () => Promise.reject(new Error('throttled')))).rejects.toThrow(
    'throttled',
  );
  await expect(remembered.read('a', async () => 'read')).resolves.toBe('read');
});

test('what was read before a write is not remembered after it', async () => {
  const remembered = createRemembered<string>();
  const { promise, resolve } = Promise.withResolvers<string>();
  const before = remembered.read('a', () => promise);
  remembered.forget();
  resolve('old');
  await expect(before).resolves.toBe('old');
  await expect(remembered.read('a', async () => 'new')).resolves.toBe('new');
});
