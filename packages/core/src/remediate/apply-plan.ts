import { bestEffort } from '../base/best-effort.ts';
import { defined } from '../base/defined.ts';
import { explain, failureKind, isAccessDenied, transient } from '../base/errors.ts';
import { asJson } from '../base/json.ts';
import type { ExecutablePlan } from '../plan/plan-fix.ts';
import type { Plan } from '../plan/plan.ts';
import { recordFix } from '../state/flaps.ts';
import type { Journal } from '../state/journal.ts';
import { recordFailure } from '../state/circuits.ts';
import { toFixTarget } from '../state/limits.ts';
import { releaseOpenChange, removeOpenChange } from '../state/open-changes.ts';
import { requestReevaluation } from '../config/request-reevaluation.ts';
import { beginJournal } from './begin-journal.ts';
import { closeChange } from './close-change.ts';
import { remediationFinishedEvent } from './finished-event.ts';
import { circumstancesOf, type RemediationContext, type RemediationResult } from './remediation.ts';
import { runSteps, type StepsResult } from './run-steps.ts';
import { verifyFix, type Verification } from './verify-fix.ts';

export interface ApplyPlanContext extends RemediationContext {
  readonly owner: string;
  /** The event that led to the change, such as the approval of its plan. */
  readonly causationId?: string | undefined;
  /** Ensures that no other run applies the same plan. Called before the first step; its error ends the change. */
  readonly claim?: (changeId: string) => Promise<void>;
}

/** The result of a change that began. */
export interface ChangeResult extends RemediationResult {
  readonly changeId: string;
}

/** Applies a plan, verifies the result and publishes it. `fixed` is a verdict, not a hope. */
export const applyPlan = async (
  context: ApplyPlanContext,
  planned: ExecutablePlan,
): Promise<ChangeResult> => {
  const { table, now } = context;
  const journal = await beginClaimed(planned.plan, context);
  try {
    return await applyJournalled(journal, context, planned);
  } catch (error) {
    // The run ends here, so the automation's retry need not wait until it certainly has.
    await bestEffort(
      'The end of the run could not be recorded',
      () => releaseOpenChange(table, journal.header, now()),
      undefined,
    );
    throw error;
  }
};

const applyJournalled = async (
  journal: Journal,
  context: ApplyPlanContext,
  { plan, change }: ExecutablePlan,
): Promise<ChangeResult> => {
  const { session, table, now, rule, owner, actorArn, target } = context;
  const applied = await runSteps(change, { session, journal, table });
  const outcome =
    applied.error === undefined
      ? await verifyApplied(context, { plan, change })
      : await stopHalfWay(journal, applied, context);
  const { isDenied: isOwn = false, ...answer } = outcome;
  const result: ChangeResult = {
    ...answer,
    planId: plan.id,
    changeId: journal.header.changeId,
    factsBefore: plan.facts,
    applied,
    owner,
    severity: rule.severity,
    circumstances: circumstancesOf(context),
    ...defined({ actorArn }),
  };
  if (result.status === 'failed') await recordFailure(toFixTarget(target), { table, now: now(), isOwn });
  const closing = {
    status: result.status === 'fixed' ? 'applied' : 'failed',
    ...('factsAfter' in outcome && { factsAfter: asJson(outcome.factsAfter ?? null) }),
    event: remediationFinishedEvent(target, result, now()),
  } as const;
  await closeChange(journal, closing, context);
  return { ...result, published: true };
};

const beginClaimed = async (plan: Plan, context: ApplyPlanContext): Promise<Journal> => {
  const journal = await beginJournal(plan, context);
  try {
    await context.claim?.(journal.header.changeId);
    return journal;
  } catch (error) {
    await discardJournal(journal, context);
    throw error;
  }
};

/** Closes a change that began no step: there is nothing to publish or to undo. */
const discardJournal = async (journal: Journal, { table }: RemediationContext): Promise<void> => {
  await journal.close('failed');
  await removeOpenChange(table, journal.header);
};

type ApplyOutcome = Pick<RemediationResult, 'status' | 'reason' | 'factsAfter'> & {
  /** The account denies the fix: its failure says nothing about the rule elsewhere. */
  readonly isDenied?: boolean;
};

const verifyApplied = async (
  context: ApplyPlanContext,
  { plan, change }: ExecutablePlan,
): Promise<ApplyOutcome> => {
  const { session, table, now, appliedSettings, rule } = context;
  await recordFix(toFixTarget(context.target), { table, flaps: appliedSettings.limits.flaps, now: now() });
  const verified = await verifyFix(context).catch(unverified);
  const { violates, reason, facts: factsAfter, isDenied = false } = verified;
  // The result is published whether or not AWS Config could be asked; the schedule evaluates again anyway.
  const notAsked = await requestReevaluation(rule, session, table, now()).then(() => '', explainNotAsked);
  if (!violates) return { status: 'fixed', reason: `${plan.description}${notAsked}`, factsAfter };
  return change.effectiveAfter
    ? { status: 'applied', reason: `${explainDelay(change.effectiveAfter)}${notAsked}`, factsAfter }
    : { status: 'failed', reason: `Not compliant after the fix: ${reason}${notAsked}`, factsAfter, isDenied };
};

const unverified = (error: unknown): Verification => ({
  violates: true,
  reason: `the resource could not be read (${explain(error)})`,
  facts: undefined,
  isDenied: isAccessDenied(error),
});

const explainNotAsked = (error: unknown) =>
  `; AWS Config was not asked to evaluate again (${explain(error)})`;

/**
 * The outcome of a change that stopped at a step.
 * Steps that were done stay done and journalled. A change that could not begin is thrown, so that the caller retries.
 */
const stopHalfWay = async (
  journal: Journal,
  { steps, error }: StepsResult,
  context: ApplyPlanContext,
): Promise<ApplyOutcome> => {
  if (steps.length === 0 && failureKind(error) === 'transient') {
    await discardJournal(journal, context);
    throw transient('not-begun', `The first step could not begin: ${explain(error)}`, error);
  }
  const done = steps.filter(({ outcome }) => outcome.type === 'done').length;
  const failed = steps.at(-1)?.outcome.type === 'failed' ? steps.length : steps.length + 1;
  const undo = done === 0 ? '' : ` ('compliance undo ${journal.header.changeId}' reverts them)`;
  return {
    status: 'failed',
    reason: `Step ${failed} failed, ${done} done before it${undo}: ${explain(error)}`,
    isDenied: isAccessDenied(error),
  };
};

const explainDelay = (after: NonNullable<ExecutablePlan['change']['effectiveAfter']>) =>
  'seconds' in after
    ? `Applied; AWS needs about ${after.seconds} s until it takes effect.`
    : `Applied; it takes effect after a manual step: ${after.manual}`;
