import { createInterface } from 'node:readline';

import { UsageError } from '../output/exit-codes.ts';

interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/** Asks a question. @throws {UsageError} unless a person at the terminal says yes */
export const confirm = async (
  question: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> => {
  if (input.isTTY !== true)
    throw new UsageError(`Not confirmed: ${question} Standard input is no terminal. Use --yes.`);
  output.write(`${question} [y/N] `);
  const answer = await readLine(input);
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('Not confirmed: nothing was recorded.');
};

/**
 * Reads a line; it is empty when the input ends, as at Ctrl-D. Without an output, readline leaves the keys to the
 * terminal: it draws nothing, which our output would print as text, and Ctrl-C stays a signal.
 */
const readLine = (input: NodeJS.ReadableStream): Promise<string> =>
  new Promise((resolve) => {
    const lines = createInterface({ input });
    lines.once('close', () => resolve(''));
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
  });
