import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { createWork } from '../src/base/work.ts';

test('settled waits for what starts while it waits', async () => {
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
test('settled names what hangs', async () => {
  const work = createWork();
  work.start('counting to infinity', () => new Promise(() => {}));
  await expect(work.whenIdle({ withinMs: 20 })).rejects.toThrow('counting to infinity');
});
test('a failure in the background is not lost', async () => {
  const work = createWork();
  work.start('something', async () => {
    throw new Error('boom');
  });
  await expect(work.whenIdle()).rejects.toMatchObject({
    errors: [{ message: expect.stringContaining('something') }],
  });
});
