import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readLines } from '../src/read-lines.ts';

test('lines are the same however the text is cut, even through a character', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''))),
      fc.integer({ min: 1, max: 9 }),
      async (lines, size) => {
        const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
        const chunks = async function* () {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        };
        await expect(Array.fromAsync(readLines(chunks()))).resolves.toEqual(lines);
      },
    ),
  ));

test('a last line may lack its end', async () => {
  const chunks = async function* () {
    yield new TextEncoder().encode('a\nb');
  };
  await expect(Array.fromAsync(readLines(chunks()))).resolves.toEqual(['a', 'b']);
});
