import { defined } from '../base/defined.ts';
import { errorCode, explain, failureKind, hasCode, permanent } from '../base/errors.ts';
import type { Rule } from '../rule/rule.ts';
import { ownerOf } from '../settings/owner.ts';
import { outOfScopeReason } from '../settings/rule-scope.ts';
import { allows, assertOwnRegion } from '../settings/settings.ts';
import { planFix, type Violation } from '../plan/plan-fix.ts';
import type { Plan } from '../plan/plan.ts';
import type { Blocker } from '../audit/blocker.ts';
import { createReportLimiter, publishOnce } from '../audit/report-limiter.ts';
import { toFixTarget } from '../state/limits.ts';
import { isExpired, type PlanRecord } from '../state/plan-record.ts';
import { markPlanApplied, readPlan } from '../state/plans.ts';
import { withResourceClaim } from '../state/resource-claims.ts';
import { admitPlan } from './admit-plan.ts';
import { announceBlockedPlan } from './announce-plan.ts';
import { assertRunningExecution } from './automation-execution.ts';
import { applyPlan, type ApplyPlanContext, type ChangeResult } from './apply-plan.ts';
import { recoverChanges, recoveredFix } from './recover-changes.ts';
import { observeLive, violationIn } from './observe-live.ts';
import { parseRemediationEvent, type RemediationEvent } from './remediation-event.ts';
import {
  circumstancesOf,
  openRemediation,
  resolveScope,
  skipped,
  type RemediateDependencies,
  type RemediationAnswer,
  type RemediationContext,
  type RemediationResult,
  type RemediationTarget,
} from './remediation.ts';
import { answerOf, reportResult } from './report-result.ts';

/**
 * Remediates the resource that a request names.
 * Answers with a verified fix, or with the reason why there is none. The settings alone decide what is done. Only a
 * transient fault is thrown; the automation retries it. Until a request is proven by its execution, what is published
 * about it is limited.
 */
export const createRemediate = (dependencies: RemediateDependencies) => {
  const mayReport = createReportLimiter();
  const once = publishOnce();
  return async (
    input: unknown,
    { endsAt, requestId }: Pick<RemediateDependencies, 'endsAt' | 'requestId'> = dependencies,
  ): Promise<RemediationAnswer> => {
    const invoked = { ...dependencies, ...defined({ endsAt, requestId }) };
    const reporting = { ...invoked, publish: once(invoked.publish, invoked.now) };
    let target: RemediationTarget | undefined;
    let isProven = false;
    const report = (result: RemediationResult, reason: string) =>
      isProven || mayReport(reason, invoked.now())
        ? reportResult(target, result, reporting)
        : answerOf(result);
    try {
      target = toTarget(parseRemediationEvent(input));
      const opened = await openProven(target, invoked);
      if ('skip' in opened) return await report(skipped(opened.reason), opened.skip);
      isProven = true;
      return await reportResult(target, await remediateTarget(opened), reporting);
    } catch (error) {
      const refused: RemediationResult = { status: 'refused', reason: explain(error) };
      // Deferred, and reported all the same: nobody else would notice.
      if (hasCode(error, 'roles-out-of-date'))
        await report(refused, `roles-out-of-date ${target?.accountId}`);
      if (failureKind(error) === 'transient') throw error;
      return report(refused, errorCode(error));
    }
  };
};

const toTarget = ({
  complianceCommand,
  resourceType,
  resourceId,
  ...event
}: RemediationEvent): RemediationTarget => ({
  ...event,
  command: complianceCommand,
  resource: { resourceType, resourceId },
});

/** Why nothing is done; `skip` is the kind of reason, without words of the caller. */
interface Skip {
  readonly skip: string;
  readonly reason: string;
}

/** Assumes the member's role for a request that the settings allow, and proves it by its execution. */
const openProven = async (
  target: RemediationTarget,
  dependencies: RemediateDependencies,
): Promise<RemediationContext | Skip> => {
  const scope = await resolveScope(target, dependencies.loadSettings);
  const { organization } = scope.appliedSettings;
  assertOwnRegion(target, organization);
  const { mode } = scope.applicable;
  if (!allows(mode, 'plan'))
    return {
      skip: 'mode',
      reason: `The mode of ${target.command} is '${mode}' in account ${target.accountId}.`,
    };
  if (await dependencies.isStopped())
    return { skip: 'stopped', reason: 'The stop switch of the organization is on.' };
  const rule = await dependencies.loadRule(target.command);
  assertResourceType(rule, target);
  const outOfScope = outOfScopeReason(rule, scope.appliedSettings, target);
  if (outOfScope !== undefined) return { skip: 'out-of-scope', reason: outOfScope };
  const context = await openRemediation(target, rule, scope, { ...dependencies, phases: ['get', 'fix'] });
  await assertRunningExecution(target, { ...context, masterAccountId: organization.masterAccountId });
  return context;
};

const remediateTarget = async (context: RemediationContext): Promise<RemediationResult> => {
  const { target, applicable } = context;
  // In every other mode nothing is changed.
  const result = allows(applicable.mode, 'approve')
    ? await withResourceClaim(toFixTarget(target), { ...context, executionId: target.executionId }, () =>
        remediateLive(context),
      )
    : await remediateLive(context);
  return { ...result, circumstances: circumstancesOf(context) };
};

const remediateLive = async (context: RemediationContext): Promise<RemediationResult> => {
  const { rule } = context;
  const live = await observeLive(context);
  const finished = await recoverChanges(context, live);
  const violation = await violationIn(live, context);
  if ('status' in violation) return recoveredFix(finished, live) ?? violation;
  const owner = await ownerOf(violation.resource, context);
  return { owner, severity: rule.severity, ...(await planOrApply({ ...context, owner }, violation)) };
};

const assertResourceType = ({ command, resourceType }: Rule, { resource }: RemediationTarget): void => {
  if (resource.resourceType !== resourceType)
    throw permanent(
      'wrong-resource-type',
      `Wrong resource type: ${command} judges ${resourceType}, not ${resource.resourceType}.`,
    );
};

const planOrApply = async (context: ApplyPlanContext, violation: Violation): Promise<RemediationResult> => {
  const planned = await planFix(violation, context.session);
  if ('manual' in planned)
    return { status: 'human', reason: planned.manual, factsBefore: violation.observation.facts };
  const { plan } = planned;
  const approval = await findApproval(plan, context);
  const approved = approval !== undefined;
  const blocker = await admitPlan(context, violation, { approved, plan });
  if (blocker) return announceBlocked(plan, blocker, context);
  const result = await applyPlan({ ...context, causationId: approval?.lastEventId }, planned);
  return approved ? markApprovedAsApplied(plan, result, context) : result;
};

const announceBlocked = async (
  plan: Plan,
  blocker: Blocker,
  context: ApplyPlanContext,
): Promise<RemediationResult> => {
  const planId = await announceBlockedPlan(plan, blocker, context);
  const reason = `Not applied: ${blocker.reason} Planned: ${plan.description}`;
  return { ...blocker, status: 'planned', reason, planId, factsBefore: plan.facts };
};

/** The record of exactly this plan, if a person approved it and the approval has not expired. */
const findApproval = async (
  { id }: Plan,
  { applicable, table, now }: RemediationContext,
): Promise<PlanRecord | undefined> => {
  if (!allows(applicable.mode, 'approve')) return undefined;
  const record = await readPlan(table, id);
  return record?.status === 'approved' && !isExpired(record, now()) ? record : undefined;
};

/** Marks an approved plan as applied. The fix is reported even when that fails, such as for a rejected plan. */
const markApprovedAsApplied = async (
  { id: planId }: Plan,
  result: ChangeResult,
  { table, now }: RemediationContext,
): Promise<RemediationResult> => {
  const { changeId, reason } = result;
  const notMarked = await markPlanApplied(table, { planId, changeId, now: now() }).then(
    () => '',
    (error: unknown) => `; the plan was not marked as applied (${explain(error)})`,
  );
  return { ...result, reason: `${reason}${notMarked}` };
};
