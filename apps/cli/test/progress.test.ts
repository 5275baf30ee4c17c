import type { WriteStream } from 'node:tty';
import { expect, test, vi } from 'vitest';

import { createProgress } from '../src/output/progress.ts';

/** Stands in for standard error. */
const streamOf = (isTTY: boolean) => {
  const write = vi.fn<(text: string) => boolean>(() => true);
  // Only these members are used.
  const stream = { isTTY, columns: 40, write } as unknown as WriteStream;
  return { stream, written: () => write.mock.calls.map(([text]) => text) };
};

test('a terminal shows one line, which is replaced and as long as the terminal is wide', () => {
  const { stream, written } = streamOf(true);
  const progress = createProgress(stream);
  vi.spyOn(performance, 'now').mockReturnValueOnce(1000).mockReturnValueOnce(1050).mockReturnValueOnce(1200);
  progress.show('1/9 accounts');
  progress.show('too soon');
  progress.show('x'.repeat(100));
  progress.plain(9, 9);
  progress.clear();
  expect(written()).toEqual(['\r\u001B[K1/9 accounts', `\r\u001B[K${'x'.repeat(39)}`, '\r\u001B[K']);
});

test('elsewhere, such as in CI, many accounts give at most twenty plain lines, and few give none', () => {
  const { stream, written } = streamOf(false);
  const progress = createProgress(stream);
  for (let done = 1; done <= 300; done += 1) {
    progress.show('not on a terminal');
    progress.plain(done, 300, ', 12 calls');
  }
  expect(written()).toHaveLength(20);
  expect(written().at(-1)).toBe('300/300 accounts, 12 calls\n');
  for (let done = 1; done <= 19; done += 1) progress.plain(done, 19);
  expect(written()).toHaveLength(20);
});
