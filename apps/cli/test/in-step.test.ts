import { expect, test } from 'vitest';

import { inStep } from '../src/commands/scan/in-step.ts';

const countTo = async function* (last: number) {
  for (let item = 1; item <= last; item += 1) yield item;
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a list waits for the slowest, and goes on alone when that has ended', async () => {
  const join = inStep(undefined, 2);
  const [fast, slow] = [join(), join()];
  const slowItems = slow.walk(countTo(3));
  const seen: number[] = [];
  const walked = (async () => {
    for await (const item of fast.walk(countTo(9))) seen.push(item);
  })();
  await settled();
  expect(seen).toEqual([1, 2]);
  await slowItems.next();
  await settled();
  expect(seen).toEqual([1, 2, 3]);
  await Array.fromAsync(slowItems);
  await walked;
  expect(seen).toHaveLength(9);
});

test('a list that is not walked to its end does not hold the others', async () => {
  const join = inStep(undefined, 2);
  const [fast, failing] = [join(), join()];
  const walked = Array.fromAsync(fast.walk(countTo(9)));
  await failing.walk(countTo(9)).next();
  failing.leave();
  await expect(walked).resolves.toHaveLength(9);
});

test('lists end where the scan is stopped', async () => {
  const stop = new AbortController();
  const items = inStep(stop.signal)().walk(countTo(9));
  await items.next();
  stop.abort();
  await expect(items.next()).resolves.toMatchObject({ done: true });
});
