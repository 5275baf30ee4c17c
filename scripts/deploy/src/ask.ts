import { createInterface } from 'node:readline/promises';

import type { Where } from './where.ts';

/** Goes on when the answer is yes, or YES=1 gave it beforehand. @throws {Error} otherwise */
export const ask = async ({ options }: Pick<Where, 'options'>, question: string): Promise<void> => {
  if (options.YES) return;
  if (!process.stdin.isTTY) throw new Error(`${question} There is nobody to ask: say YES=1.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Error('Nothing was changed.');
};
