import { applyChange, type Applied } from './apply.ts';
import { beginJournal } from './begin-journal.ts';
import { endChange } from './end-change.ts';
import { explain, failureKind, transient } from '../base/errors.ts';
import { finishedEvent } from './finished-event.ts';
import { asJson } from '../base/json.ts';
import { verify } from './look.ts';
import { lookAgain } from '../config/look-again.ts';
import type { Plan } from '../plan/plan.ts';
import type { Planned } from '../plan/plan-fix.ts';
import type { Remediation, RemediationResult } from './remediation.ts';
import { recordFix } from '../state/flaps.ts';
import type { Journal } from '../state/journal.ts';
import { countFailure, fixTargetOf } from '../state/limits.ts';
import { forgetOpenChange } from '../state/open-changes.ts';

export type Machine = Extract<Planned, { readonly plan: Plan }>;

export interface Applying extends Remediation {
  /** Whom the finding goes to. */
  readonly owner: string;
  /** Makes sure that no other run applies the same, before the first step. What it throws ends the change there. */
  readonly claim?: (changeId: string) => Promise<void>;
}

/** Carries out a plan that may be carried out, verifies it - fixed is a verdict, not a hope - and tells of it. */
export const applyPlan = async (
  applying: Applying,
  { plan, change }: Machine,
): Promise<RemediationResult> => {
  const { session, table, now, rule, owner, by, target } = applying;
  const journal = await beginClaimed(plan, applying);
  const applied = await applyChange(change, { session, journal, table });
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
  if (result.status === 'failed') await countFailure(fixTargetOf(applying.target), { table, now: now() });
  const ending = {
    status: result.status === 'fixed' ? 'applied' : 'failed',
    ...('factsAfter' in came && { factsAfter: asJson(came.factsAfter ?? null) }),
    event: finishedEvent(target, result, now()),
  } as const;
  await endChange(journal, ending, applying);
  return { ...result, told: true };
};

const beginClaimed = async (plan: Plan, applying: Applying): Promise<Journal> => {
  const journal = await beginJournal(plan, applying);
  try {
    await applying.claim?.(journal.header.changeId);
    return journal;
  } catch (error) {
    await leave(journal, applying);
    throw error;
  }
};

/** Nothing was begun: there is nothing to tell and nothing to undo. */
const leave = async (journal: Journal, { table }: Remediation): Promise<void> => {
  await journal.close('failed');
  await forgetOpenChange(table, journal.header);
};

type Came = Pick<RemediationResult, 'status' | 'reason' | 'factsAfter'>;

const verifyApplied = async (applying: Applying, { plan, change }: Machine): Promise<Came> => {
  const { session, table, now, appliedSettings, rule } = applying;
  await recordFix(fixTargetOf(applying.target), { table, flaps: appliedSettings.limits.flaps, now: now() });
  const { violates, reason, facts: factsAfter } = await verify(applying).catch(unverified);
  // What was done is told whether or not AWS Config could be asked; the schedule looks in any case.
  const notAsked = await lookAgain(rule, session, table, now()).then(() => '', explainNotAsked);
  if (!violates) return { status: 'fixed', reason: `${plan.description}${notAsked}`, factsAfter };
  return change.settles
    ? { status: 'applied', reason: `${settling(change.settles)}${notAsked}`, factsAfter }
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
  { steps, error }: Applied,
  applying: Applying,
): Promise<Came> => {
  if (steps.length === 0 && failureKind(error) === 'transient') {
    await leave(journal, applying);
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

const settling = (settles: NonNullable<Machine['change']['settles']>) =>
  'seconds' in settles
    ? `Applied; AWS needs about ${settles.seconds} s until it shows.`
    : `Applied; it takes effect once a person did this: ${settles.human}`;
