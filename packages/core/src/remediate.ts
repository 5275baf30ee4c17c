import { whyNotAdmitted, whyNotAutomatic } from './admission.ts';
import { applyPlan } from './apply-plan.ts';
import { auditEvent } from './audit/audit-event.ts';
import { explain, failureKind, permanent } from './errors.ts';
import { asJson } from './json.ts';
import { ownerOf } from './owner.ts';
import { planFix, type Finding, type Plan } from './plan.ts';
import { parseRemediationEvent, type RemediationEvent } from './remediation-event.ts';
import {
  look,
  openRemediation,
  scopeOf,
  skipped,
  type RemediateDependencies,
  type Remediation,
  type RemediationAnswer,
  type RemediationResult,
  type RemediationTarget,
} from './remediation.ts';
import type { Rule } from './rule.ts';
import { allows } from './settings.ts';
import { isExpired, movePlan, readPlan, recordPlan } from './state/plans.ts';
import type { Withheld } from './withheld.ts';

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
      return await finish(target, await remediateTarget(target, dependencies), dependencies);
    } catch (error) {
      if (failureKind(error) === 'transient') throw error;
      return finish(target, { status: 'refused', reason: explain(error) }, dependencies);
    }
  };

/** Tells the auditors what came of it. */
export const finish = async (
  target: RemediationTarget | undefined,
  { factsBefore, factsAfter, applied, owner, severity, by, changedBy, ...answer }: RemediationResult,
  { publish, now }: Pick<RemediateDependencies, 'publish' | 'now'>,
): Promise<RemediationAnswer> => {
  const { status, ...details } = answer;
  const finished = {
    type: 'remediation-finished',
    ...(target && { command: target.command, accountId: target.accountId, region: target.region }),
    ...(target && { resource: target.resource }),
    ...(owner !== undefined && { owner }),
    ...(severity !== undefined && { severity }),
    ...(by !== undefined && { by }),
    ...(changedBy && { changedBy }),
    executionId: target?.executionId ?? 'unknown',
    outcome: status,
    ...details,
    ...(factsBefore !== undefined && { factsBefore: asJson(factsBefore) }),
    ...(factsAfter !== undefined && { factsAfter: asJson(factsAfter) }),
    ...(applied && {
      steps: applied.steps.map(({ intent, outcome }) => ({
        intent: asJson(intent),
        outcome: asJson(outcome),
      })),
    }),
  } as const;
  await publish([auditEvent(finished, now())]);
  return answer;
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
  const scope = await scopeOf(target, dependencies.settings);
  const { mode } = scope.applicable;
  if (!allows(mode, 'plan'))
    return skipped(`The mode of ${target.command} is '${mode}' in account ${target.accountId}.`);
  if (await dependencies.isStopped()) return skipped('The stop switch of the organization is on.');
  const rule = await dependencies.loadRule(target.command);
  requireType(rule, target);
  const remediation = await openRemediation(target, rule, scope, { ...dependencies, phases: ['one', 'fix'] });

  const finding = await look(remediation);
  if ('status' in finding) return finding;
  const owner = await ownerOf(finding.resource, remediation);
  return { owner, severity: rule.severity, ...(await decide(remediation, finding, owner)) };
};

const requireType = ({ command, resourceType }: Rule, { resource }: RemediationTarget) => {
  if (resource.resourceType !== resourceType)
    throw permanent(
      'wrong-resource-type',
      `${command} is about ${resourceType}, not ${resource.resourceType}.`,
    );
};

const decide = async (
  remediation: Remediation,
  finding: Finding,
  owner: string,
): Promise<RemediationResult> => {
  const planned = await planFix(finding, remediation.session);
  if ('human' in planned)
    return { status: 'human', reason: planned.human, factsBefore: finding.observation.facts };
  const { plan } = planned;
  const approved = await isApproved(plan, remediation);
  const withheld =
    (approved ? undefined : whyNotAutomatic(remediation, plan)) ??
    (await whyNotAdmitted(remediation, finding, { approved, plan }));
  if (withheld === undefined) {
    const result = await applyPlan(remediation, planned);
    return approved ? markApplied(plan, result, remediation) : result;
  }
  await announcePlan(plan, withheld, { ...remediation, owner });
  const reason = `${withheld.reason} It would: ${plan.description}`;
  return { ...withheld, status: 'planned', reason, planId: plan.id, factsBefore: plan.facts };
};

/** Whether a person approved exactly this plan, not long ago, where people approve. */
const isApproved = async ({ id }: Plan, { applicable, table, now }: Remediation): Promise<boolean> => {
  if (!allows(applicable.mode, 'approve')) return false;
  const record = await readPlan(table, id);
  return record?.status === 'approved' && !isExpired(record, now());
};

/** What was done is told in any case, also when somebody decided on the plan meanwhile. */
const markApplied = async (
  { id }: Plan,
  result: RemediationResult,
  { table, now }: Remediation,
): Promise<RemediationResult> => {
  const { changeId = '', reason } = result;
  const move = { planId: id, from: ['approved'], to: 'applied', now: now(), successor: changeId } as const;
  const notMarked = await movePlan(table, move).then(
    () => '',
    (error: unknown) => `; the plan was not marked as applied (${explain(error)})`,
  );
  return { ...result, reason: `${reason}${notMarked}` };
};

/** Keeps a plan and tells of it, once for the same finding. */
export const announcePlan = async (
  plan: Plan,
  { reason: withheld, changedBy }: Withheld,
  { table, publish, rule, now, appliedSettings, owner }: Remediation & { owner: string },
): Promise<void> => {
  const { planLivesDays: livesDays } = appliedSettings.limits;
  if (!(await recordPlan(table, { plan, now: now(), livesDays, withheld }))) return;
  const { accountId, region, command, resource } = plan;
  const { severity } = rule;
  const about = { command, severity, accountId, region, resource, owner };
  const created = {
    type: 'plan-created',
    ...about,
    plan,
    withheld,
    ...(changedBy && { changedBy }),
  } as const;
  await publish([auditEvent(created, now())]);
};
