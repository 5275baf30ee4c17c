import type { OperatorAnswer } from '@compliance/core';

import { approvePlan } from '../../operator/approve-plan.ts';
import { askOperator } from '../../operator/ask-operator.ts';
import { getPlan } from '../../operator/get-plan.ts';
import { masterAccess } from '../../operator/master-access.ts';

export interface OperatorAccess {
  /** The home Region, which has the function. */
  readonly region: string;
  /** AWS profile of the master account; by default the current credentials. */
  readonly profile?: string | undefined;
}

/**
 * Approves and applies a plan through the deployed function, so that no operator holds write credentials of a member.
 * @returns the answer to the approval if it is refused, otherwise to the application
 * @throws when the function cannot be invoked or fails
 */
export const approveAndApply = async (planId: string, access: OperatorAccess): Promise<OperatorAnswer> => {
  const operator = await masterAccess(access);
  const approved = await approvePlan(operator, await getPlan(operator, planId));
  return approved.status === 'approved' ? askOperator(operator, { action: 'apply', id: planId }) : approved;
};
