import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

import { loadAhead } from '../src/load-ahead.ts';

const numbers = async function* (length: number) {
  yield* Array.from({ length }, (_, index) => index);
};

test('the next few items are loaded ahead and yielded in their order', async () => {
  let now = 0;
  let most = 0;
  const load = async (index: number) => {
    now += 1;
    most = Math.max(most, now);
    // The later ones are faster.
    await sleep(20 - index);
    now -= 1;
    return index;
  };
  await expect(Array.fromAsync(loadAhead(numbers(12), 4, load))).resolves.toEqual([...Array(12).keys()]);
  expect(most).toBe(5);
});

test('a failed load is thrown when its item is yielded', async () => {
  const seen: number[] = [];
  const read = async () => {
    const load = async (index: number) => {
      if (index >= 2) throw new Error(`no ${index}`);
      return index;
    };
    for await (const index of loadAhead(numbers(9), 4, load)) seen.push(index);
  };
  await expect(read()).rejects.toThrow('no 2');
  expect(seen).toEqual([0, 1]);
});

test('an empty list loads nothing', async () => {
  await expect(Array.fromAsync(loadAhead(numbers(0), 4, async (index) => index))).resolves.toEqual([]);
});
