import { createInterface } from 'node:readline/promises';

import type { DeployContext } from './deploy-context.ts';

/** Asks a question, unless YES=1 answers it. @throws {Error} when the answer is not yes */
export const confirm = async (
  { options, signal }: Pick<DeployContext, 'options' | 'signal'>,
  question: string,
): Promise<void> => {
  if (options.YES) return;
  if (!process.stdin.isTTY)
    throw new Error(`${question} There is no terminal to ask on. Set YES=1 to agree.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // readline intercepts Ctrl-C.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new Error('Not confirmed. Nothing was changed.');
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
};
