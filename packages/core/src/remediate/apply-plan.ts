import { runSteps, type StepsResult } from './run-steps.ts';
import { beginJournal } from './begin-journal.ts';
import { closeChange } from './close-change.ts';
import { explain, failureKind, transient } from '../base/errors.ts';
import { remediationFinishedEvent } from './finished-event.ts';
import { asJson } from '../base/json.ts';
import { verifyFix } from './observe-live.ts';
import { requestReevaluation } from '../config/request-reevaluation.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanResult } from '../plan/plan-fix.ts';
import type { RemediationContext, RemediationResult } from './remediation.ts';
import { recordFix } from '../state/flaps.ts';
import type { Journal } from '../state/journal.ts';
import { recordFailure, toFixTarget } from '../state/limits.ts';
import { removeOpenChange } from '../state/open-changes.ts';

export type ExecutablePlan = Extract<PlanResult, { readonly plan: Plan }>;

export interface ApplyPlanContext extends RemediationContext {
  /** Whom the finding goes to. */
  readonly owner: string;
  /** Makes sure that no other run applies the same, before the first step. What it throws ends the change there. */
  readonly claim?: (changeId: string) => Promise<void>;
}

/** Carries out a plan that may be carried out, verifies it - fixed is a verdict, not a hope - and tells of it. */
export const applyPlan = async (
  applying: ApplyPlanContext,
  { plan, change }: ExecutablePlan,
): Promise<RemediationResult> => {
  const { session, table, now, rule, owner, by, target } = applying;
  const journal = await beginClaimed(plan, applying);
  const applied = await runSteps(change, { session, journal, table });
  const came =
    applied.error === undefined
      ? await verifyApplied(applying, { plan, change })
      : await stoppedHalfWay(journal, applied, applying);
  const result: RemediationResult = {
    ...came,
    planId: plan.id,
    changeId: journal.header.changeId,
    factsBefore: plan.facts,
    applied,
    owner,
    severity: rule.severity,
    ...(by !== undefined && { by }),
  };
  if (result.status === 'failed') await recordFailure(toFixTarget(applying.target), { table, now: now() });
  const ending = {
    status: result.status === 'fixed' ? 'applied' : 'failed',
    ...('factsAfter' in came && { factsAfter: asJson(came.factsAfter ?? null) }),
    event: remediationFinishedEvent(target, result, now()),
  } as const;
  await closeChange(journal, ending, applying);
  return { ...result, published: true };
};

const beginClaimed = async (plan: Plan, applying: ApplyPlanContext): Promise<Journal> => {
  const journal = await beginJournal(plan, applying);
  try {
    await applying.claim?.(journal.header.changeId);
    return journal;
  } catch (error) {
    await discardJournal(journal, applying);
    throw error;
  }
};

/** Nothing was begun: there is nothing to tell and nothing to undo. */
const discardJournal = async (journal: Journal, { table }: RemediationContext): Promise<void> => {
  await journal.close('failed');
  await removeOpenChange(table, journal.header);
};

type ApplyOutcome = Pick<RemediationResult, 'status' | 'reason' | 'factsAfter'>;

const verifyApplied = async (
  applying: ApplyPlanContext,
  { plan, change }: ExecutablePlan,
): Promise<ApplyOutcome> => {
  const { session, table, now, appliedSettings, rule } = applying;
  await recordFix(toFixTarget(applying.target), { table, flaps: appliedSettings.limits.flaps, now: now() });
  const { violates, reason, facts: factsAfter } = await verifyFix(applying).catch(unverified);
  // What was done is told whether or not AWS Config could be asked; the schedule looks in any case.
  const notAsked = await requestReevaluation(rule, session, table, now()).then(() => '', explainNotAsked);
  if (!violates) return { status: 'fixed', reason: `${plan.description}${notAsked}`, factsAfter };
  return change.effectiveAfter
    ? { status: 'applied', reason: `${settling(change.effectiveAfter)}${notAsked}`, factsAfter }
    : { status: 'failed', reason: `Not compliant after the fix: ${reason}${notAsked}`, factsAfter };
};

const unverified = (error: unknown) => ({
  violates: true,
  reason: `the resource could not be looked at (${explain(error)})`,
  facts: undefined,
});

const explainNotAsked = (error: unknown) => `; AWS Config was not asked to look again (${explain(error)})`;

/** What was done stays done and is journalled. A change that could not even begin is tried again by the caller. */
const stoppedHalfWay = async (
  journal: Journal,
  { steps, error }: StepsResult,
  applying: ApplyPlanContext,
): Promise<ApplyOutcome> => {
  if (steps.length === 0 && failureKind(error) === 'transient') {
    await discardJournal(journal, applying);
    throw transient('not-begun', `The first step could not begin: ${explain(error)}`, error);
  }
  const done = steps.filter(({ outcome }) => outcome.type === 'done').length;
  const began = steps.at(-1)?.outcome.type === 'failed' ? steps.length : steps.length + 1;
  const undo = done === 0 ? '' : ` 'compliance undo ${journal.header.changeId}' takes them back.`;
  return {
    status: 'failed',
    reason: `Step ${began} failed, ${done} done before it: ${explain(error)}${undo}`,
  };
};

const settling = (after: NonNullable<ExecutablePlan['change']['effectiveAfter']>) =>
  'seconds' in after
    ? `Applied; AWS needs about ${after.seconds} s until it shows.`
    : `Applied; it takes effect once a person did this: ${after.human}`;
