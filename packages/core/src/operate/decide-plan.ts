import { auditEvent, type AuditEvent } from '../audit/audit-event.ts';
import { permanent } from '../base/errors.ts';
import type { OperatorContext, OperatorAnswer, OperatorRequest } from './operator-request.ts';
import type { Plan } from '../plan/plan.ts';
import { resolveScope } from '../remediate/remediation.ts';
import { allows } from '../settings/settings.ts';
import type { PlanRecord } from '../state/plan-record.ts';
import { transitionPlan, getPlanOrThrow } from '../state/plans.ts';
import { publishPending, type Stored } from '../state/outbox.ts';

/** Approves or rejects a plan, and tells of it. Asked again by the same person because it could not be told: tells it. */
export const decidePlan = async (
  { id, reason }: OperatorRequest,
  to: 'approved' | 'rejected',
  operating: OperatorContext,
): Promise<OperatorAnswer> => {
  const { table, now, by, loadSettings: settings } = operating;
  const kept = await requireTold(id, operating);
  const { plan } = kept.data;
  const answer = { status: to, reason: `${plan.description}: ${to} by ${by}.`, planId: id };
  if (wasUnpublished(kept, { decision: to, by })) return answer;
  if (to === 'approved') await resolveApprovalScope(plan, settings);
  const why = reason === undefined ? {} : { reason };
  const moved = await transitionPlan(table, {
    planId: id,
    from: to === 'rejected' ? ['open', 'approved'] : ['open'],
    to,
    now: now(),
    decision: { by, at: now().toISOString(), ...why },
    event: planDecidedEvent(kept.data, { decision: to, by, ...why }, now()),
  });
  await publishPending(moved, operating);
  return answer;
};

/** A plan that is kept, as it was before what it had still to tell was told. */
export const requireTold = async (id: string, operating: OperatorContext): Promise<Stored<PlanRecord>> => {
  const kept = await getPlanOrThrow(operating.table, id);
  await publishPending(kept, operating);
  return kept;
};

type Decided = Extract<AuditEvent, { type: 'plan-decided' }>;

/** Whether this person decided so before, and it could not be told. */
export const wasUnpublished = (
  { data: { status, untold = [] } }: Stored<PlanRecord>,
  { decision, by }: Pick<Decided, 'decision' | 'by'>,
): boolean =>
  status === decision &&
  untold.some((event) => event.type === 'plan-decided' && event.decision === decision && event.by === by);

export const planDecidedEvent = (
  { plan: { id: planId, command, accountId, region, resource }, owner }: Pick<PlanRecord, 'plan' | 'owner'>,
  decided: Pick<Decided, 'decision' | 'by' | 'reason'>,
  now: Date,
): AuditEvent => {
  const about = { command, accountId, region, resource, ...(owner !== undefined && { owner }) };
  return auditEvent({ type: 'plan-decided', ...about, planId, ...decided }, now);
};

/** @throws {ComplianceError} permanent `mode-forbids` where nobody approves */
export const resolveApprovalScope = async (
  { command, accountId }: Plan,
  settings: OperatorContext['loadSettings'],
) => {
  const scope = await resolveScope({ command, accountId }, settings);
  if (!allows(scope.applicable.mode, 'approve'))
    throw permanent(
      'mode-forbids',
      `The mode of ${command} is '${scope.applicable.mode}' in account ${accountId}; approving needs 'approve' or 'auto'.`,
    );
  return scope;
};
