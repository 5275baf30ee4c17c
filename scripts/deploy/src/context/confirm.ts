import { createInterface } from 'node:readline/promises';

import type { DeployContext } from './deploy-context.ts';

interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/** Asks a question, unless YES=1 answers it. @throws {Error} when the answer is not yes */
export const confirm = async (
  { options, signal }: Pick<DeployContext, 'options' | 'signal'>,
  question: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stdout },
): Promise<void> => {
  if (options.YES) return;
  if (input.isTTY !== true)
    throw new Error(`${question} There is no terminal to ask on. Set YES=1 to agree.`);
  const terminal = createInterface({ input, output });
  // readline intercepts Ctrl-C.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } catch (error) {
    signal.throwIfAborted();
    // Ctrl-D ends the input, which is no yes.
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    output.write('\n');
  } finally {
    terminal.close();
  }
  throw new Error('Not confirmed. Nothing was changed.');
};
