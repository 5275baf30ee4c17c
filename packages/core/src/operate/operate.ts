import { applyApproved } from './apply-approved-plan.ts';
import { auditEvent } from '../audit/audit-event.ts';
import { proofSubject, type Caller } from '../aws/identity-proof.ts';
import { decidePlan } from './decide-plan.ts';
import { explain, failureKind, permanent } from '../base/errors.ts';
import {
  parseOperatorRequest,
  type OperateDependencies,
  type OperatorContext,
  type OperatorAnswer,
  type OperatorRequest,
} from './operator-request.ts';
import type { RemediateDependencies } from '../remediate/remediation.ts';
import { assertProofUnused, markProofUsed } from '../state/proofs.ts';
import { undoChange } from './undo-change.ts';

/** A request of a person, done; or why not, which the auditors are told as well. Only a transient fault is thrown. */
export const createOperate =
  (dependencies: OperateDependencies) =>
  async (input: unknown): Promise<OperatorAnswer> => {
    let request: OperatorRequest | undefined;
    let caller: Caller | undefined;
    try {
      request = parseOperatorRequest(input);
      caller = await dependencies.proveCaller(request.proof, proofSubject(request.action, request.id));
      await assertOperator(caller, dependencies);
      await assertProofUnused(dependencies.table, caller);
      const answer = await operate(request, { ...dependencies, by: caller.arn });
      if (isDecision(answer)) await markProofUsed(dependencies.table, caller, dependencies.now());
      return answer;
    } catch (error) {
      if (failureKind(error) === 'transient') throw error;
      return refuse(request, { by: caller?.arn, reason: explain(error) }, dependencies);
    }
  };

// Applying and undoing are done once as it is; who was refused may ask again, even in the second of the same proof.
const isDecision = ({ status }: OperatorAnswer) => status === 'approved' || status === 'rejected';

const refuse = async (
  request: OperatorRequest | undefined,
  { by, reason }: { readonly by: string | undefined; readonly reason: string },
  { publish, now }: RemediateDependencies,
): Promise<OperatorAnswer> => {
  const { id, executionId = 'unknown' } = request ?? {};
  const refused = {
    type: 'remediation-finished',
    executionId,
    outcome: 'refused',
    reason,
    ...(by !== undefined && { by }),
    ...(id !== undefined && (id.startsWith('plan-') ? { planId: id } : { changeId: id })),
  } as const;
  await publish([auditEvent(refused, now())]);
  return { status: 'refused', reason };
};

// The alias admits the master account only; this holds even where somebody opened it wider.
const assertOperator = async (
  { arn, accountId }: Caller,
  { loadSettings: settings }: RemediateDependencies,
): Promise<void> => {
  const { masterAccountId } = (await settings()).organization;
  if (accountId !== masterAccountId)
    throw permanent(
      'not-an-operator',
      `${arn} is not of the master account ${masterAccountId}: it may not decide.`,
    );
};

const operate = (request: OperatorRequest, operating: OperatorContext): Promise<OperatorAnswer> => {
  switch (request.action) {
    case 'approve':
      return decidePlan(request, 'approved', operating);
    case 'reject':
      return decidePlan(request, 'rejected', operating);
    case 'apply':
      return applyApproved(request, operating);
    case 'undo':
      return undoChange(request, operating);
    default:
      throw new Error(`Unknown action ${JSON.stringify(request.action satisfies never)}`);
  }
};
