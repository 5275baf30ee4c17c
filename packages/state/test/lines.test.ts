import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createLinesWriter, readLines } from '../src/base/lines.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lines-'));
});
afterAll(() => rm(folder, { recursive: true }));

const linesOf = async (parts: Parameters<typeof readLines>[1]) =>
  (await Array.fromAsync(readLines(folder, parts))).flat();

const arbitraryLine = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')),
  // Longer than what is read as one string, and three bytes a character.
  fc.constantFrom('x'.repeat(100_000), '\u202E'.repeat(30_000)),
);

test('what is read is what was written, in parts of any length, and of lines of any length', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(arbitraryLine, { minLength: 1 }),
      fc.integer({ min: 1, max: 200_000 }),
      async (lines, partLength) => {
        const writer = createLinesWriter(folder, 'any', partLength);
        for (const line of lines) {
          writer.add(line);
          await writer.flushWhenFull();
        }
        expect(await linesOf(await writer.close())).toEqual(lines);
      },
    ),
  );
});

test('lines that are added while a part is written are in the next one', async () => {
  const writer = createLinesWriter(folder, 'meanwhile', 10);
  writer.add('the first part');
  const writing = writer.flushWhenFull();
  writer.add('another one');
  writer.add('two\nlines', 2);
  await writing;
  const parts = await writer.close();
  expect(parts.map(({ lines }) => lines)).toEqual([1, 3]);
  expect(await linesOf(parts)).toEqual(['the first part', 'another one', 'two', 'lines']);
});
