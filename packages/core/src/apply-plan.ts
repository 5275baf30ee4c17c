import { fixTargetOf } from './admission.ts';
import { applyChange, type Applied } from './apply.ts';
import { explain, failureKind, transient } from './errors.ts';
import { asJson, digest } from './json.ts';
import { lookAgain } from './look-again.ts';
import type { Plan, Planned } from './plan.ts';
import { verify, type Remediation, type RemediationResult } from './remediation.ts';
import { recordFix } from './state/flaps.ts';
import { openJournal, readJournal, type Journal } from './state/journal.ts';
import { countFailure } from './state/limits.ts';

/** Carries out a plan that may be carried out, and verifies it: fixed is a verdict, not a hope. */
export const applyPlan = async (
  remediation: Remediation,
  { plan, change }: Extract<Planned, { plan: Plan }>,
): Promise<RemediationResult> => {
  const { session, table, now, appliedSettings, rule } = remediation;
  const journal = await beginJournal(plan, remediation);
  const ids = { planId: plan.id, changeId: journal.header.changeId, factsBefore: plan.facts };
  const applied = await applyChange(change, { session, journal, table });
  if (applied.error !== undefined) {
    const stopped = await stoppedHalfWay(journal, applied);
    await countFailure(fixTargetOf(remediation), { table, now: now() });
    return { ...stopped, ...ids, applied };
  }

  await recordFix(fixTargetOf(remediation), { table, flaps: appliedSettings.limits.flaps, now: now() });
  const after = await verify(remediation).catch(unverified);
  await journal.close(after.violates ? 'failed' : 'applied', asJson(after.facts ?? null));
  // What was done is told whether or not AWS Config could be asked; the schedule looks in any case.
  const notAsked = await lookAgain(rule, session, table, now()).then(() => '', explainNotAsked);
  const outcome = { ...ids, factsAfter: after.facts, applied };
  if (!after.violates) return { status: 'fixed', reason: `${plan.description}${notAsked}`, ...outcome };
  if (change.settles)
    return { status: 'applied', reason: `${settling(change.settles)}${notAsked}`, ...outcome };
  await countFailure(fixTargetOf(remediation), { table, now: now() });
  return { status: 'failed', reason: `Not compliant after the fix: ${after.reason}${notAsked}`, ...outcome };
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
): Promise<Pick<RemediationResult, 'status' | 'reason'>> => {
  await journal.close('failed');
  if (steps.length === 0 && failureKind(error) === 'transient')
    throw transient('not-begun', `The first step could not begin: ${explain(error)}`, error);
  const done = steps.filter(({ outcome }) => outcome.type === 'done').length;
  const began = steps.at(-1)?.outcome.type === 'failed' ? steps.length : steps.length + 1;
  const undo = done === 0 ? '' : ` 'compliance undo ${journal.header.changeId}' takes them back.`;
  return {
    status: 'failed',
    reason: `Step ${began} failed, ${done} done before it: ${explain(error)}${undo}`,
  };
};

const settling = (settles: NonNullable<Extract<Planned, { plan: Plan }>['change']['settles']>) =>
  'seconds' in settles
    ? `Applied; AWS needs about ${settles.seconds} s until it shows.`
    : `Applied; it takes effect once a person did this: ${settles.human}`;

/**
 * The journal of a new change. One of the same execution that was never closed is of a run that was killed, for an
 * automation tries again only when a run has ended: it is closed as failed, to be undone if need be, and the change
 * begins anew from what was observed now.
 */
const beginJournal = async (plan: Plan, remediation: Remediation): Promise<Journal> => {
  const { table } = remediation;
  for (let attempt = 1; ; attempt += 1) {
    const header = journalHeader(plan, remediation, attempt);
    const known = await readJournal(table, header.changeId);
    if (!known || known.entries.length === 0) return openJournal(table, header);
    if (known.journal.header.status === 'applying') await known.journal.close('failed');
    else if (known.journal.header.status !== 'failed') return openJournal(table, header);
  }
};

/** What the change of a plan is called, at the first attempt of an execution: known before it begins. */
export const changeIdOf = (
  { id }: Pick<Plan, 'id'>,
  { target: { executionId } }: Pick<Remediation, 'target'>,
  attempt = 1,
): string => `change-${digest({ plan: id, execution: executionId, attempt })}`;

const journalHeader = (plan: Plan, { target, now }: Remediation, attempt: number) => ({
  changeId: changeIdOf(plan, { target }, attempt),
  planId: plan.id,
  command: plan.command,
  accountId: plan.accountId,
  region: plan.region,
  partition: target.partition,
  resource: plan.resource,
  description: plan.description,
  executionId: target.executionId,
  startedAt: now().toISOString(),
  factsBefore: plan.facts,
  ...(plan.undoLeaves !== undefined && { undoLeaves: plan.undoLeaves }),
  status: 'applying' as const,
});
