import { findBlocker } from '../remediate/admission.ts';
import { applyPlan, type ApplyPlanContext, type ExecutablePlan } from '../remediate/apply-plan.ts';
import { planDecidedEvent, resolveApprovalScope, requireTold, wasUnpublished } from './decide-plan.ts';
import { hasCode, permanent } from '../base/errors.ts';
import { look } from '../remediate/observe-live.ts';
import type { OperatorContext, OperatorAnswer, OperatorRequest } from './operator-request.ts';
import { ownerOf } from '../settings/owner.ts';
import type { Plan } from '../plan/plan.ts';
import { isCoveredBy, planFix, type Violation } from '../plan/plan-fix.ts';
import { reportResult, storeBlockedPlan } from '../remediate/remediate.ts';
import {
  openRemediation,
  type RemediationContext,
  type RemediationResult,
  type RemediationTarget,
} from '../remediate/remediation.ts';
import { resumeInterruptedApply } from './resume-interrupted-apply.ts';
import { assertNotExpired, type PlanRecord } from '../state/plan-record.ts';
import { transitionPlan } from '../state/plans.ts';
import { publishPending } from '../state/outbox.ts';

/** Applies exactly the plan that was approved, if the resource is still as the plan found it. */
export const applyApproved = async (
  { id, executionId }: OperatorRequest,
  operating: OperatorContext,
): Promise<OperatorAnswer> => {
  const kept = await requireTold(id, operating);
  const record = kept.data;
  if (wasUnpublished(kept, { decision: 'superseded', by: operating.by })) return superseded(record);
  const target = targetOf(record.plan, executionId, partitionIn(operating.by));
  const open = () => openFor(record, target, operating);
  const resumed = await resumeInterruptedApply(record, open, operating);
  if (resumed === 'not-begun')
    await transitionPlan(operating.table, { ...BACK, planId: id, now: operating.now() });
  else if (resumed) return reportResult(target, resumed, operating);
  else if (record.status !== 'approved')
    throw permanent('not-approved', `${id} is ${record.status}; 'compliance approve ${id}' comes first.`);
  assertNotExpired(record, operating.now());
  const remediation = await open();
  const result = await applyExactly(record, { ...remediation, by: operating.by });
  return reportResult(target, { ...result, severity: remediation.rule.severity }, operating);
};

/** The approval still stands. */
const BACK = { from: ['applied'], to: 'approved' } as const;

const openFor = async (
  { plan }: PlanRecord,
  target: RemediationTarget,
  operating: OperatorContext,
): Promise<RemediationContext> => {
  const scope = await resolveApprovalScope(plan, operating.loadSettings);
  if (await operating.isStopped()) throw permanent('stopped', 'The stop switch of the organization is on.');
  const rule = await operating.loadRule(plan.command);
  return openRemediation(target, rule, scope, { ...operating, phases: ['get', 'fix'] });
};

type ByPerson = RemediationContext & Pick<OperatorContext, 'by'>;

const applyExactly = async (record: PlanRecord, remediation: ByPerson): Promise<RemediationResult> => {
  const { by, session } = remediation;
  const finding = await look(remediation);
  if ('status' in finding) return { ...finding, by };
  const owner = await ownerOf(finding.resource, remediation);
  const planned = await planFix(finding, session);
  if ('human' in planned) return { status: 'human', reason: planned.human, owner, by };
  const approved = record.plan;
  const result = isCoveredBy(planned.plan, approved)
    ? // What is done may be less by now; it is the approved plan all the same, and goes by its name.
      await applyAdmitted(
        finding,
        { ...planned, plan: { ...planned.plan, id: approved.id } },
        { ...remediation, owner },
      )
    : await supersede(record, planned.plan, { ...remediation, owner });
  return { owner, by, ...result };
};

const supersede = async (
  record: PlanRecord,
  successor: Plan,
  applying: ApplyPlanContext & Pick<OperatorContext, 'by'>,
): Promise<RemediationResult> => {
  const { table, now, by, owner } = applying;
  const { id: planId } = record.plan;
  await storeBlockedPlan(successor, { reason: `It takes the place of ${planId}.` }, applying);
  const answer = superseded({ ...record, successor: successor.id });
  const moved = await transitionPlan(table, {
    planId,
    from: ['approved'],
    to: 'superseded',
    now: now(),
    successor: successor.id,
    event: planDecidedEvent(
      { plan: { ...successor, id: planId }, owner },
      { decision: 'superseded', by, reason: answer.reason },
      now(),
    ),
  });
  await publishPending(moved, applying);
  return { ...answer, factsBefore: successor.facts };
};

const superseded = ({ plan: { id }, successor = '' }: PlanRecord) =>
  ({
    status: 'planned',
    reason: `The resource is not as ${id} found it. It was planned anew; approve ${successor} instead.`,
    planId: successor,
  }) as const;

const applyAdmitted = async (
  finding: Violation,
  planned: ExecutablePlan,
  applying: ApplyPlanContext,
): Promise<RemediationResult> => {
  const { table, now } = applying;
  const { id: planId } = planned.plan;
  const withheld = await findBlocker(applying, finding, { approved: true, plan: planned.plan });
  if (withheld !== undefined) return { ...withheld, status: 'planned', planId };
  // Of two who apply at once, one does. A killed run leaves the name of its change.
  const claim = async (successor: string) =>
    void (await transitionPlan(table, { planId, from: ['approved'], to: 'applied', now: now(), successor }));
  try {
    return await applyPlan({ ...applying, claim }, planned);
  } catch (error) {
    // Nothing was begun.
    if (hasCode(error, 'not-begun')) await transitionPlan(table, { ...BACK, planId, now: now() });
    throw error;
  }
};

const targetOf = (
  { command, accountId, region, resource }: Plan,
  executionId: string,
  partition: string,
): RemediationTarget => ({ command, accountId, region, resource, executionId, partition });

// `arn:aws-cn:sts::…`: an organization lives in one partition.
const partitionIn = (arn: string) => arn.split(':')[1] ?? 'aws';
