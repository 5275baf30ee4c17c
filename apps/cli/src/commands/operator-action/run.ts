import type { OperatorAnswer, OperatorRequest } from '@compliance/core';

import { assertId } from '../../input/assert-id.ts';
import { askOperator } from '../../operator/ask-operator.ts';
import { masterAccess, type MasterFlags } from '../../operator/master-access.ts';
import { EXIT } from '../../output/exit-codes.ts';

export interface OperatorActionFlags extends MasterFlags {
  readonly reason?: string | undefined;
  readonly json?: true | undefined;
}

const SUCCEEDED: ReadonlySet<OperatorAnswer['status']> = new Set([
  'approved',
  'rejected',
  'undone',
  'fixed',
  'applied',
]);

/** Whether the function did what it was asked for. */
export const hasSucceeded = ({ status }: OperatorAnswer): boolean => SUCCEEDED.has(status);

/** Requests the action from the remediation function and prints its answer. @returns the exit code */
export const runOperatorAction = async (
  action: OperatorRequest['action'],
  id: string,
  { reason, json, ...flags }: OperatorActionFlags,
): Promise<number> => {
  assertId(action === 'undo' ? 'change' : 'plan', id);
  const answer = await askOperator(await masterAccess(flags), { action, id, reason });
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${answer.status}: ${answer.reason}\n`);
  return hasSucceeded(answer) ? EXIT.ok : EXIT.aws;
};
