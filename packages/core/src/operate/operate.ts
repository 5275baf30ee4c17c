import { randomUUID } from 'node:crypto';

import { defined } from '../base/defined.ts';
import { explain, failureKind, permanent } from '../base/errors.ts';
import { PlanId } from '../base/ids.ts';
import { proofSubject, type Caller } from '../aws/identity-proof.ts';
import { auditEvent } from '../audit/audit-event.ts';
import { assertProofUnused, markProofUsed } from '../state/proofs.ts';
import type { RemediateDependencies } from '../remediate/remediation.ts';
import { applyApprovedPlan } from './apply-approved-plan.ts';
import { decidePlan } from './decide-plan.ts';
import {
  parseOperatorRequest,
  type OperateDependencies,
  type OperatorAnswer,
  type OperatorContext,
  type OperatorRequest,
} from './operator-request.ts';
import { undoChange } from './undo-change.ts';

/** Carries out a person's request. A refusal is answered and published; only a transient fault is thrown. */
export const createOperate =
  (dependencies: OperateDependencies) =>
  async (input: unknown): Promise<OperatorAnswer> => {
    let request: OperatorRequest | undefined;
    let caller: Caller | undefined;
    try {
      request = parseOperatorRequest(input);
      const { action, id, shown } = request;
      caller = await dependencies.verifyCaller(request.proof, proofSubject(action, id, shown));
      await assertOperator(caller, dependencies);
      await assertProofUnused(dependencies.table, caller);
      const answer = await operate(request, { ...dependencies, actorArn: caller.arn });
      if (isDecision(answer)) await markProofUsed(dependencies.table, caller, dependencies.now());
      return answer;
    } catch (error) {
      if (failureKind(error) === 'transient') throw error;
      return refuse(request, { actorArn: caller?.arn, reason: explain(error) }, dependencies);
    }
  };

// Apply and undo happen once anyway. A refused caller may retry, even within the second of the same proof.
const isDecision = ({ status }: OperatorAnswer) => status === 'approved' || status === 'rejected';

const refuse = async (
  request: OperatorRequest | undefined,
  { actorArn, reason }: { readonly actorArn: string | undefined; readonly reason: string },
  { publish, now, requestId = randomUUID() }: RemediateDependencies,
): Promise<OperatorAnswer> => {
  const { id, executionId = 'unknown' } = request ?? {};
  const isPlan = PlanId.safeParse(id).success;
  const refused = {
    type: 'remediation-finished',
    executionId,
    outcome: 'refused',
    reason,
    ...defined({ actor: actorArn, planId: isPlan ? id : undefined, changeId: isPlan ? undefined : id }),
  } as const;
  await publish([auditEvent(refused, now(), request?.executionId ?? requestId)]);
  return { status: 'refused', reason };
};

// The alias admits only the master account; this check also holds when somebody widened the alias's policy.
const assertOperator = async (
  { arn, accountId }: Caller,
  { loadSettings }: RemediateDependencies,
): Promise<void> => {
  const { masterAccountId } = (await loadSettings()).organization;
  if (accountId !== masterAccountId)
    throw permanent(
      'not-an-operator',
      `${arn} belongs to another account. Operators must use an identity in master account ${masterAccountId}.`,
    );
};

const operate = (request: OperatorRequest, context: OperatorContext): Promise<OperatorAnswer> => {
  switch (request.action) {
    case 'approve':
      return decidePlan(request, 'approved', context);
    case 'reject':
      return decidePlan(request, 'rejected', context);
    case 'apply':
      return applyApprovedPlan(request, context);
    case 'undo':
      return undoChange(request, context);
    default:
      throw new Error(`Unknown action ${JSON.stringify(request.action satisfies never)}`);
  }
};
