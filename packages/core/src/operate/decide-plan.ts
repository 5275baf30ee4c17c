import { defined } from '../base/defined.ts';
import { permanent } from '../base/errors.ts';
import { partitionInArn } from '../base/region.ts';
import { annotationOf, exemptionOf } from '../rule/verdict.ts';
import { leftAloneReason } from '../settings/exclusions.ts';
import { outOfScopeReason } from '../settings/rule-scope.ts';
import { allows } from '../settings/settings.ts';
import type { Plan } from '../plan/plan.ts';
import { actorOf, auditEvent, type AuditEvent } from '../audit/audit-event.ts';
import { publishEarlierEvents } from '../state/outbox.ts';
import { shownDigestOf, type PlanRecord } from '../state/plan-record.ts';
import {
  assertNotOutdated,
  getPlanOrThrow,
  publishPlanEvents,
  transitionPlan,
  type PlanRows,
} from '../state/plans.ts';
import { exemptLive, observeLive } from '../remediate/observe-live.ts';
import { openRemediation, resolveScope, type RemediationTarget } from '../remediate/remediation.ts';
import type { OperatorAnswer, OperatorContext, OperatorRequest } from './operator-request.ts';

/** Approves or rejects a plan and publishes the decision. A repeated request publishes what could not be published. */
export const decidePlan = async (
  { id: planId, reason, executionId, shown }: OperatorRequest,
  decision: 'approved' | 'rejected',
  context: OperatorContext,
): Promise<OperatorAnswer> => {
  const { table, now, actorArn } = context;
  const stored = await getPlanOrThrow(table, planId);
  await publishEarlierEvents(planId, () => publishPlanEvents(stored, context));
  const record = stored.data;
  const answer = {
    status: decision,
    reason: `${record.plan.description}: ${decision} by ${actorArn}.`,
    planId,
  };
  const decided = { decision, actorArn };
  if (wasUnpublished(record, decided)) return answer;
  assertNotOutdated(record);
  if (decision === 'approved') {
    assertShown(stored, shown);
    await assertApprovable(record.plan, executionId, context);
  }
  const decidedAt = now();
  const row = await transitionPlan(table, {
    planId,
    from: decision === 'rejected' ? ['open', 'approved'] : ['open'],
    to: decision,
    now: decidedAt,
    decision: { by: actorArn, at: decidedAt.toISOString(), ...defined({ reason }) },
    event: planDecidedEvent(record, { ...decided, ...defined({ reason }) }, decidedAt),
  });
  await publishPlanEvents(row, context);
  return answer;
};

/** Refuses an approval of another text than the stored plan's. @throws {ComplianceError} permanent `plan-shown-otherwise` */
const assertShown = ({ row: { data } }: PlanRows, shown: string | undefined): void => {
  if (shown === shownDigestOf(data)) return;
  const why =
    shown === undefined
      ? 'the request does not say what was shown, as the CLI of this release does'
      : 'another text was shown than the stored plan has. Read it again';
  throw permanent('plan-shown-otherwise', `${data.plan.id} is not approved: ${why}.`);
};

/** Refuses what no fix may touch. @throws {ComplianceError} permanent `mode-forbids` or `exempt-or-excluded` */
const assertApprovable = async (plan: Plan, executionId: string, context: OperatorContext): Promise<void> => {
  const target = operatorTarget(plan, executionId, context);
  const { scope, rule } = await resolveApprovalScope(target, context);
  const remediation = await openRemediation(target, rule, scope, { ...context, phases: ['get'] });
  const found = await exemptLive(await observeLive(remediation), remediation);
  if (!found) return;
  const { resource, verdict } = found;
  const reason =
    exemptionOf(verdict) === undefined
      ? leftAloneReason(resource, scope.appliedSettings, { approved: true, place: plan })
      : annotationOf(verdict);
  if (reason !== undefined) throw permanent('exempt-or-excluded', reason);
};

/** The target of an operator's request about a plan. */
export const operatorTarget = (
  { command, accountId, region, resource }: Plan,
  executionId: string,
  { actorArn }: Pick<OperatorContext, 'actorArn'>,
): RemediationTarget => ({
  command,
  accountId,
  region,
  resource,
  executionId,
  partition: partitionInArn(actorArn),
});

interface Decided {
  readonly decision: Extract<AuditEvent, { type: 'plan-decided' }>['decision'];
  readonly actorArn: string;
}

/** Whether this person's decision is stored, but was not published. */
export const wasUnpublished = (
  { status, pendingEvents = [] }: PlanRecord,
  { decision, actorArn }: Decided,
): boolean =>
  status === decision &&
  pendingEvents.some(
    (event) => event.type === 'plan-decided' && event.decision === decision && actorOf(event) === actorArn,
  );

export const planDecidedEvent = (
  {
    plan: { id: planId, command, accountId, region, resource },
    owner,
    lastEventId: causationId,
  }: Pick<PlanRecord, 'plan' | 'owner' | 'lastEventId'>,
  { decision, actorArn, reason }: Decided & { readonly reason?: string },
  decidedAt: Date,
): AuditEvent =>
  auditEvent(
    {
      type: 'plan-decided',
      command,
      accountId,
      region,
      resource,
      ...defined({ owner, causationId }),
      actor: actorArn,
      planId,
      decision,
      ...defined({ reason }),
    },
    decidedAt,
    decidedAt,
  );

/**
 * The rule and the settings of a plan that may be approved, as they are now and not as they were when it was planned.
 * @throws {ComplianceError} permanent `mode-forbids` or `out-of-scope`
 */
export const resolveApprovalScope = async (
  target: RemediationTarget,
  { loadSettings, loadRule }: Pick<OperatorContext, 'loadSettings' | 'loadRule'>,
) => {
  const { command, accountId } = target;
  const scope = await resolveScope(target, loadSettings);
  const { mode } = scope.applicable;
  if (!allows(mode, 'approve'))
    throw permanent(
      'mode-forbids',
      `The mode of ${command} is '${mode}' in account ${accountId}. Approval needs mode 'approve' or 'auto'.`,
    );
  const rule = await loadRule(command);
  const outOfScope = outOfScopeReason(rule, scope.appliedSettings, target);
  if (outOfScope !== undefined) throw permanent('out-of-scope', outOfScope);
  return { scope, rule };
};
