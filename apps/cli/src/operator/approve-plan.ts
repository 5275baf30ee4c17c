import { shownDigestOf, type OperatorAnswer, type PlanRecord } from '@compliance/core';

import { askOperator, type Operator } from './ask-operator.ts';

/** Approves a plan as it was shown: the approval signs the digest of it, which the function computes again. */
export const approvePlan = (
  operator: Operator,
  shown: PlanRecord,
  reason?: string,
): Promise<OperatorAnswer> =>
  askOperator(operator, { action: 'approve', id: shown.plan.id, shown: shownDigestOf(shown), reason });
