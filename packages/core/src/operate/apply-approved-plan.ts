import { explain, hasCode, permanent } from '../base/errors.ts';
import { ownerOf } from '../settings/owner.ts';
import { isCoveredBy, planFix, type ExecutablePlan, type Violation } from '../plan/plan-fix.ts';
import type { Plan } from '../plan/plan.ts';
import { toFixTarget } from '../state/limits.ts';
import { withResourceClaim } from '../state/resource-claims.ts';
import { publishEarlierEvents } from '../state/outbox.ts';
import { assertNotExpired, type PlanRecord } from '../state/plan-record.ts';
import {
  assertNotOutdated,
  getPlanOrThrow,
  markPlanApplied,
  publishPlanEvents,
  transitionPlan,
} from '../state/plans.ts';
import { admitPlan } from '../remediate/admit-plan.ts';
import { announceBlockedPlan } from '../remediate/announce-plan.ts';
import { applyPlan, type ApplyPlanContext } from '../remediate/apply-plan.ts';
import { recoverChanges, recoveredFix } from '../remediate/recover-changes.ts';
import { observeLive, violationIn } from '../remediate/observe-live.ts';
import {
  circumstancesOf,
  openRemediation,
  type RemediationContext,
  type RemediationResult,
  type RemediationTarget,
} from '../remediate/remediation.ts';
import { reportResult } from '../remediate/report-result.ts';
import { operatorTarget, planDecidedEvent, resolveApprovalScope, wasUnpublished } from './decide-plan.ts';
import type { OperatorAnswer, OperatorContext, OperatorRequest } from './operator-request.ts';
import { resumeInterruptedApply } from './resume-interrupted-apply.ts';

/** Applies exactly the approved plan, if the resource has not changed since. */
export const applyApprovedPlan = async (
  { id: planId, executionId }: OperatorRequest,
  context: OperatorContext,
): Promise<OperatorAnswer> => {
  const { table, now, actorArn } = context;
  const stored = await getPlanOrThrow(table, planId);
  await publishEarlierEvents(planId, () => publishPlanEvents(stored, context));
  const record = stored.data;
  if (wasUnpublished(record, { decision: 'superseded', actorArn })) return supersededAnswer(record);
  const target = operatorTarget(record.plan, executionId, context);
  const open = () => openFor(target, context);
  const resumed = await resumeInterruptedApply(record, open, context);
  assertNotOutdated(record);
  if (resumed === 'not-begun') await transitionPlan(table, { ...REAPPROVE, planId, now: now() });
  else if (resumed) return reportResult(target, resumed, context);
  else if (record.status !== 'approved')
    throw permanent(
      'not-approved',
      `${planId} is ${record.status}. Approve it first: compliance approve ${planId}`,
    );
  assertNotExpired(record, now());
  const remediation = await open();
  const result = await withResourceClaim(toFixTarget(target), { ...remediation, executionId }, () =>
    applyExactly(record, { ...remediation, actorArn }),
  ).catch(refuseWhileClaimed);
  const circumstances = circumstancesOf({ ...remediation, causationId: record.lastEventId });
  return reportResult(target, { ...result, severity: remediation.rule.severity, circumstances }, context);
};

/** A person asks again when another run has ended; only an automation retries by itself. */
const refuseWhileClaimed = (error: unknown): never => {
  throw hasCode(error, 'still-applying') ? permanent('still-applying', explain(error), error) : error;
};

/** The approval is still valid after a run that never came to a step. */
const REAPPROVE = { from: ['applied'], to: 'approved' } as const;

const openFor = async (target: RemediationTarget, context: OperatorContext): Promise<RemediationContext> => {
  const { scope, rule } = await resolveApprovalScope(target, context);
  if (await context.isStopped())
    throw permanent(
      'stopped',
      'The stop switch of the organization is on. Turn it off first: compliance stop-switch off',
    );
  return openRemediation(target, rule, scope, { ...context, phases: ['get', 'fix'] });
};

type OperatorRemediation = RemediationContext & Pick<OperatorContext, 'actorArn'>;

const applyExactly = async (record: PlanRecord, context: OperatorRemediation): Promise<RemediationResult> => {
  const { actorArn, session } = context;
  const live = await observeLive(context);
  const finished = await recoverChanges(context, live);
  const violation = await violationIn(live, context);
  if ('status' in violation) return { ...(recoveredFix(finished, live) ?? violation), actorArn };
  const owner = await ownerOf(violation.resource, context);
  const planned = await planFix(violation, session);
  if ('manual' in planned) return { status: 'human', reason: planned.manual, owner, actorArn };
  const approved = record.plan;
  const result = isCoveredBy(planned.plan, approved)
    ? // Less may be left to do by now. It is still the approved plan, under its id.
      await applyUnblocked(
        violation,
        { ...planned, plan: { ...planned.plan, id: approved.id } },
        { ...context, owner, causationId: record.lastEventId },
      )
    : await supersede(record, planned.plan, { ...context, owner, causationId: record.lastEventId });
  return { owner, actorArn, ...result };
};

const supersede = async (
  record: PlanRecord,
  replacement: Plan,
  context: ApplyPlanContext & Pick<OperatorContext, 'actorArn'>,
): Promise<RemediationResult> => {
  const { table, now, actorArn, owner } = context;
  const { id: planId } = record.plan;
  await announceBlockedPlan(replacement, { reason: `It supersedes ${planId}.` }, context);
  const supersededBy = replacement.id;
  const answer = supersededAnswer({ ...record, supersededBy });
  const decidedAt = now();
  const row = await transitionPlan(table, {
    planId,
    from: ['approved'],
    to: 'superseded',
    now: decidedAt,
    supersededBy,
    event: planDecidedEvent(
      { ...record, plan: { ...replacement, id: planId }, owner },
      { decision: 'superseded', actorArn, reason: answer.reason },
      decidedAt,
    ),
  });
  await publishPlanEvents(row, context);
  return { ...answer, factsBefore: replacement.facts };
};

const supersededAnswer = ({ plan: { id }, supersededBy = '' }: PlanRecord) =>
  ({
    status: 'planned',
    reason: `The resource changed after ${id} was planned. Approve ${supersededBy} instead.`,
    planId: supersededBy,
  }) as const;

const applyUnblocked = async (
  violation: Violation,
  planned: ExecutablePlan,
  context: ApplyPlanContext,
): Promise<RemediationResult> => {
  const { table, now } = context;
  const { id: planId } = planned.plan;
  const blocker = await admitPlan(context, violation, { approved: true, plan: planned.plan });
  if (blocker) return { ...blocker, status: 'planned', planId };
  // If two operators apply at once, only one wins. The change id is kept, so that an interrupted run can be found.
  const claim = (changeId: string) => markPlanApplied(table, { planId, changeId, now: now() });
  try {
    return await applyPlan({ ...context, claim }, planned);
  } catch (error) {
    if (hasCode(error, 'not-begun')) await transitionPlan(table, { ...REAPPROVE, planId, now: now() });
    throw error;
  }
};
