import { PassThrough } from 'node:stream';

import { describe, expect, test } from 'vitest';

import { confirm } from '../src/input/confirm.ts';

/** A terminal that gives this line to the question, or ends. */
const answering = (line: string | undefined) => {
  const shown: string[] = [];
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough().on('data', (chunk) => {
    shown.push(String(chunk));
    if (line === undefined) input.end();
    else input.write(`${line}\n`);
  });
  return { terminal: { input, output }, shown };
};

describe('a question at the terminal', () => {
  test.each(['y', 'Y', 'yes', ' yes '])('%j is a yes', async (line) => {
    const { terminal, shown } = answering(line);
    await expect(confirm('Approve this plan?', terminal)).resolves.toBeUndefined();
    // Without sequences that control the terminal.
    expect(shown).toEqual(['Approve this plan? [y/N] ']);
  });

  test.each(['', 'n', 'no', 'yess', undefined])('%j is a no', async (line) => {
    const { terminal } = answering(line);
    await expect(confirm('Approve?', terminal)).rejects.toThrow('Not confirmed: nothing was recorded.');
  });
});

test('without a terminal, nobody is asked', async () => {
  const { terminal } = answering('y');
  await expect(confirm('Approve?', { ...terminal, input: new PassThrough() })).rejects.toThrow('Use --yes');
});
