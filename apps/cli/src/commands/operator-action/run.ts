import type { OperatorAnswer, OperatorRequest } from '@compliance/core';

import { assertId } from '../../input/assert-id.ts';
import { approvePlan } from '../../operator/approve-plan.ts';
import { askOperator } from '../../operator/ask-operator.ts';
import { getPlan } from '../../operator/get-plan.ts';
import { masterAccess, type MasterAccess, type MasterFlags } from '../../operator/master-access.ts';
import { describePlan } from '../../output/describe-plan.ts';
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
  const access = await masterAccess(flags);
  const answer = await (action === 'approve'
    ? approve(access, id, { reason, isShown: !json })
    : askOperator(access, { action, id, reason }));
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${answer.status}: ${answer.reason}\n`);
  return hasSucceeded(answer) ? EXIT.ok : EXIT.aws;
};

/** Shows the stored plan and approves exactly what is shown. */
const approve = async (
  access: MasterAccess,
  id: string,
  { reason, isShown }: { readonly reason: string | undefined; readonly isShown: boolean },
): Promise<OperatorAnswer> => {
  const record = await getPlan(access, id);
  if (isShown) process.stdout.write(describePlan(record.plan));
  return approvePlan(access, record, reason);
};
