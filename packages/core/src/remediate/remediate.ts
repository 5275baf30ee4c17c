import { findBlocker, automaticBlocker } from './admission.ts';
import { announcePlan } from './announce-plan.ts';
import { applyPlan, type ApplyPlanContext } from './apply-plan.ts';
import { explain, failureKind, permanent } from '../base/errors.ts';
import { remediationFinishedEvent } from './finished-event.ts';
import { look } from './observe-live.ts';
import { ownerOf } from '../settings/owner.ts';
import type { Plan } from '../plan/plan.ts';
import { planFix, type Violation } from '../plan/plan-fix.ts';
import { parseRemediationEvent, type RemediationEvent } from './remediation-event.ts';
import {
  openRemediation,
  resolveScope,
  skipped,
  type RemediateDependencies,
  type RemediationContext,
  type RemediationAnswer,
  type RemediationResult,
  type RemediationTarget,
} from './remediation.ts';
import type { Rule } from '../rule/rule.ts';
import { allows } from '../settings/settings.ts';
import { isExpired } from '../state/plan-record.ts';
import { transitionPlan, readPlan } from '../state/plans.ts';
import type { Blocker } from '../audit/blocker.ts';

/**
 * Where to look, in; a fix that was verified, or why there is none, out. The settings alone decide what is done.
 * Only a transient fault is thrown; the automation tries again.
 */
export const createRemediate =
  (dependencies: RemediateDependencies) =>
  async (input: unknown): Promise<RemediationAnswer> => {
    let target: RemediationTarget | undefined;
    try {
      target = targetOf(parseRemediationEvent(input));
      return await reportResult(target, await remediateTarget(target, dependencies), dependencies);
    } catch (error) {
      if (failureKind(error) === 'transient') throw error;
      return reportResult(target, { status: 'refused', reason: explain(error) }, dependencies);
    }
  };

/** Tells the auditors what came of it, unless they were told with the change. */
export const reportResult = async (
  target: RemediationTarget | undefined,
  result: RemediationResult,
  { publish, now }: Pick<RemediateDependencies, 'publish' | 'now'>,
): Promise<RemediationAnswer> => {
  if (!result.published) await publish([remediationFinishedEvent(target, result, now())]);
  const { status, reason, planId, changeId } = result;
  return {
    status,
    reason,
    ...(planId !== undefined && { planId }),
    ...(changeId !== undefined && { changeId }),
  };
};

const targetOf = ({
  complianceCommand,
  resourceType,
  resourceId,
  ...event
}: RemediationEvent): RemediationTarget => ({
  ...event,
  command: complianceCommand,
  resource: { resourceType, resourceId },
});

const remediateTarget = async (
  target: RemediationTarget,
  dependencies: RemediateDependencies,
): Promise<RemediationResult> => {
  const scope = await resolveScope(target, dependencies.loadSettings);
  const { mode } = scope.applicable;
  if (!allows(mode, 'plan'))
    return skipped(`The mode of ${target.command} is '${mode}' in account ${target.accountId}.`);
  if (await dependencies.isStopped()) return skipped('The stop switch of the organization is on.');
  const rule = await dependencies.loadRule(target.command);
  assertResourceType(rule, target);
  const remediation = await openRemediation(target, rule, scope, { ...dependencies, phases: ['get', 'fix'] });

  const finding = await look(remediation);
  if ('status' in finding) return finding;
  const owner = await ownerOf(finding.resource, remediation);
  return { owner, severity: rule.severity, ...(await decide({ ...remediation, owner }, finding)) };
};

const assertResourceType = ({ command, resourceType }: Rule, { resource }: RemediationTarget) => {
  if (resource.resourceType !== resourceType)
    throw permanent(
      'wrong-resource-type',
      `${command} is about ${resourceType}, not ${resource.resourceType}.`,
    );
};

const decide = async (remediation: ApplyPlanContext, finding: Violation): Promise<RemediationResult> => {
  const planned = await planFix(finding, remediation.session);
  if ('human' in planned)
    return { status: 'human', reason: planned.human, factsBefore: finding.observation.facts };
  const { plan } = planned;
  const approved = await isApproved(plan, remediation);
  const withheld =
    (approved ? undefined : automaticBlocker(remediation, plan)) ??
    (await findBlocker(remediation, finding, { approved, plan }));
  if (withheld === undefined) {
    const result = await applyPlan(remediation, planned);
    return approved ? markApplied(plan, result, remediation) : result;
  }
  await storeBlockedPlan(plan, withheld, remediation);
  const reason = `${withheld.reason} It would: ${plan.description}`;
  return { ...withheld, status: 'planned', reason, planId: plan.id, factsBefore: plan.facts };
};

/** Whether a person approved exactly this plan, not long ago, where people approve. */
const isApproved = async ({ id }: Plan, { applicable, table, now }: RemediationContext): Promise<boolean> => {
  if (!allows(applicable.mode, 'approve')) return false;
  const record = await readPlan(table, id);
  return record?.status === 'approved' && !isExpired(record, now());
};

/** What was done is told in any case, also when somebody decided on the plan meanwhile. */
const markApplied = async (
  { id }: Plan,
  result: RemediationResult,
  { table, now }: RemediationContext,
): Promise<RemediationResult> => {
  const { changeId = '', reason } = result;
  const move = { planId: id, from: ['approved'], to: 'applied', now: now(), successor: changeId } as const;
  const notMarked = await transitionPlan(table, move).then(
    () => '',
    (error: unknown) => `; the plan was not marked as applied (${explain(error)})`,
  );
  return { ...result, reason: `${reason}${notMarked}` };
};

/** The plan that is not applied now, kept and told of once for the same finding. */
export const storeBlockedPlan = (
  plan: Plan,
  withheld: Blocker,
  { rule: { severity }, appliedSettings, owner, ...announcing }: ApplyPlanContext,
): Promise<void> => {
  const { command, accountId, region, resource } = plan;
  const about = { command, severity, accountId, region, resource, owner };
  const { planLivesDays: livesDays } = appliedSettings.limits;
  return announcePlan({ plan, withheld, livesDays, about: async () => about }, announcing);
};
