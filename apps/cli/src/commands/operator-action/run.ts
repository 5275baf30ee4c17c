import type { OperatorRequest } from '@compliance/core';

import { assertId } from '../../input/assert-id.ts';
import { askOperator } from '../../operator/ask-operator.ts';
import { masterAccess } from '../../operator/master-access.ts';
import { EXIT } from '../../output/exit-codes.ts';

export interface OperatorActionFlags {
  readonly reason?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: true;
}

const DONE = new Set(['approved', 'rejected', 'undone', 'fixed', 'applied']);

/** Puts a decision to the function and says what came of it. */
export const runOperatorAction = async (
  action: OperatorRequest['action'],
  id: string,
  { reason, json, ...flags }: OperatorActionFlags,
): Promise<number> => {
  const kind = action === 'undo' ? 'change' : 'plan';
  assertId(kind, id);
  const answer = await askOperator(await masterAccess(flags), { action, id, reason });
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${answer.status}: ${answer.reason}\n`);
  return DONE.has(answer.status) ? EXIT.ok : EXIT.aws;
};
