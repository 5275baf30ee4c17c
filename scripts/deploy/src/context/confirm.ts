import { createInterface } from 'node:readline/promises';

import type { DeployContext } from './deploy-context.ts';

/** Goes on when the answer is yes, or YES=1 gave it beforehand. @throws {Error} otherwise */
export const confirm = async (
  { options, signal }: Pick<DeployContext, 'options' | 'signal'>,
  question: string,
): Promise<void> => {
  if (options.YES) return;
  if (!process.stdin.isTTY) throw new Error(`${question} There is nobody to ask: say YES=1.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // A terminal that is being read keeps Ctrl-C to itself.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new Error('Nothing was changed.');
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
};
