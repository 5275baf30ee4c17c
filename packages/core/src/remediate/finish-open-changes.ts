import { endChange, tellChange } from './end-change.ts';
import { failureKind } from '../base/errors.ts';
import { finishedEvent } from './finished-event.ts';
import { asJson } from '../base/json.ts';
import type { Remediation, RemediationResult, RemediationTarget } from './remediation.ts';
import { readJournal, type JournalHeader, type Recorded } from '../state/journal.ts';
import { countFailure, fixTargetOf } from '../state/limits.ts';
import { forgetOpenChange, type OpenChange } from '../state/open-changes.ts';
import { movePlan } from '../state/plans.ts';

/** What a resource looks like by now; without facts it is gone. */
export interface Seen {
  readonly violates: boolean;
  readonly facts: unknown;
}

/** What it takes to end a change. */
interface Finishing extends Pick<Remediation, 'table' | 'publish' | 'now' | 'rule'> {
  readonly target: Omit<RemediationTarget, 'partition'>;
}

/**
 * Ends the changes of this resource whose run was cut off before it could, and tells of each: fixed, where the
 * resource violates no more, so that it can be undone; failed, where it does. Runs that may still be at it are left
 * alone; one of our own execution is over, for an automation tries again only then.
 */
export const finishOpenChanges = async (
  openChanges: readonly OpenChange[],
  finishing: Finishing,
  seen: Seen,
): Promise<readonly RemediationResult[]> => {
  const { table, target, now } = finishing;
  const ended: RemediationResult[] = [];
  for (const open of openChanges) {
    if (open.executionId !== target.executionId && now() < new Date(open.endsAt)) continue;
    const recorded = await readJournal(table, open.changeId);
    const result = recorded
      ? await finishChange(recorded, seen, finishing)
      : await forgetOpenChange(table, { ...target, changeId: open.changeId });
    if (result) ended.push(result);
  }
  return ended;
};

const finishChange = async (
  recorded: Recorded,
  seen: Seen,
  finishing: Finishing,
): Promise<RemediationResult | undefined> => {
  const { journal, entries, kept } = recorded;
  if (journal.header.status !== 'applying') {
    await tellChange(kept, finishing);
    return toldResult(kept.data);
  }
  if (entries.length === 0) {
    await journal.close('failed');
    await forgetOpenChange(finishing.table, journal.header);
    return undefined;
  }
  return endCutOff(recorded, seen, finishing);
};

/** What a change came to, as the event says that was still to be told. */
export const toldResult = ({ untold = [] }: JournalHeader): RemediationResult | undefined => {
  const event = untold.findLast((one) => one.type === 'remediation-finished');
  if (!event) return undefined;
  const { outcome: status, reason, planId, changeId } = event;
  return {
    status,
    reason,
    ...(planId !== undefined && { planId }),
    ...(changeId !== undefined && { changeId }),
    told: true,
  };
};

const endCutOff = async (
  { journal, entries }: Recorded,
  seen: Seen,
  finishing: Finishing,
): Promise<RemediationResult> => {
  const { table, rule, now } = finishing;
  const { header } = journal;
  const isFixed = !seen.violates && entries.every(({ outcome }) => outcome?.type !== 'failed');
  const result: RemediationResult = {
    status: isFixed ? 'fixed' : 'failed',
    reason: isFixed
      ? `${header.description}; its run was cut off before it could say so.`
      : `Its run was cut off at step ${entries.length}. 'compliance undo ${header.changeId}' takes back what was done.`,
    planId: header.planId,
    changeId: header.changeId,
    severity: rule.severity,
    ...(header.owner !== undefined && { owner: header.owner }),
    ...(header.by !== undefined && { by: header.by }),
    factsBefore: header.factsBefore,
    ...(isFixed && { factsAfter: seen.facts }),
    applied: { steps: entries },
  };
  if (isFixed) await markApplied(header, finishing);
  else await countFailure(fixTargetOf(finishing.target), { table, now: now() });
  const event = finishedEvent(header, result, now());
  const ending = isFixed
    ? ({ status: 'applied', factsAfter: asJson(seen.facts ?? null), event } as const)
    : ({ status: 'failed', event } as const);
  await endChange(journal, ending, finishing);
  return { ...result, told: true };
};

/** The automation marks an approved plan once its change is done. */
const markApplied = async ({ planId, changeId }: JournalHeader, { table, now }: Finishing): Promise<void> => {
  try {
    await movePlan(table, { planId, from: ['approved'], to: 'applied', now: now(), successor: changeId });
  } catch (error) {
    // It was never approved, was marked before, or has expired: what was done is told in any case.
    if (failureKind(error) === 'transient') throw error;
  }
};
