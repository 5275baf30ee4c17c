import type { OperatorAnswer } from '@compliance/core';

import { askOperator } from '../../operator/ask-operator.ts';
import { masterAccess } from '../../operator/master-access.ts';

export interface OperatorAccess {
  /** The home Region, where the function is. */
  readonly region: string;
  /** The AWS profile of the master account; the ordinary credentials if left out. */
  readonly profile?: string | undefined;
}

/**
 * Approves a plan and has it applied, both by the deployed function: nobody at a keyboard holds write credentials of
 * a member. The answer is that of the first request that did not go through, else of the last.
 * @throws when the function cannot be invoked or fails
 */
export const approveAndApply = async (planId: string, access: OperatorAccess): Promise<OperatorAnswer> => {
  const operator = await masterAccess(access);
  const approved = await askOperator(operator, { action: 'approve', id: planId });
  return approved.status === 'approved' ? askOperator(operator, { action: 'apply', id: planId }) : approved;
};
