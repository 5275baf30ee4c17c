import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { createWork } from '../src/base/work.ts';

test('whenIdle waits for work that starts while it waits', async () => {
  const work = createWork();
  const done: string[] = [];
  work.start('first', async () => {
    await delay(5);
    work.start('second', async () => {
      await delay(5);
      done.push('second');
    });
  });
  await work.whenIdle();
  expect(done).toEqual(['second']);
});
test('the timeout error of whenIdle names the work that still runs', async () => {
  const work = createWork();
  work.start('counting to infinity', () => new Promise(() => {}));
  await expect(work.whenIdle({ withinMs: 20 })).rejects.toThrow('counting to infinity');
});
test('whenIdle throws a failure of background work', async () => {
  const work = createWork();
  work.start('something', async () => {
    throw new Error('boom');
  });
  await expect(work.whenIdle()).rejects.toMatchObject({
    errors: [{ message: expect.stringContaining('something') }],
  });
});
