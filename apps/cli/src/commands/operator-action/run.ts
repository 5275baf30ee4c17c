import type { OperatorRequest } from '@compliance/core';

import type { DecideFlags } from './command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { askOperator } from '../../operator/ask-operator.ts';
import { masterAccess } from '../../operator/master-access.ts';
import { requireId } from '../../input/assert-id.ts';

const DONE = new Set(['approved', 'rejected', 'undone', 'fixed', 'applied']);

/** Puts a decision to the function and says what came of it. */
export const decide = async (
  action: OperatorRequest['action'],
  id: string,
  { reason, json, ...flags }: DecideFlags,
): Promise<number> => {
  const kind = action === 'undo' ? 'change' : 'plan';
  requireId(kind, id);
  const answer = await askOperator(await masterAccess(flags), { action, id, reason });
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${answer.status}: ${answer.reason}\n`);
  return DONE.has(answer.status) ? EXIT.ok : EXIT.aws;
};
