import { closeChange, publishClosedChange } from './close-change.ts';
import { failureKind } from '../base/errors.ts';
import { remediationFinishedEvent } from './finished-event.ts';
import { asJson } from '../base/json.ts';
import type { RemediationContext, RemediationResult, RemediationTarget } from './remediation.ts';
import { readJournal, type JournalHeader, type StoredChange } from '../state/journal.ts';
import { recordFailure, toFixTarget } from '../state/limits.ts';
import { removeOpenChange, type OpenChange } from '../state/open-changes.ts';
import { transitionPlan } from '../state/plans.ts';

/** What a resource looks like by now; without facts it is gone. */
export interface LiveState {
  readonly violates: boolean;
  readonly facts: unknown;
}

/** What it takes to end a change. */
interface FinishContext extends Pick<RemediationContext, 'table' | 'publish' | 'now' | 'rule'> {
  readonly target: Omit<RemediationTarget, 'partition'>;
}

/**
 * Ends the changes of this resource whose run was cut off before it could, and tells of each: fixed, where the
 * resource violates no more, so that it can be undone; failed, where it does. Runs that may still be at it are left
 * alone; one of our own execution is over, for an automation tries again only then.
 */
export const finishInterruptedChanges = async (
  openChanges: readonly OpenChange[],
  finishing: FinishContext,
  seen: LiveState,
): Promise<readonly RemediationResult[]> => {
  const { table, target, now } = finishing;
  const ended: RemediationResult[] = [];
  for (const open of openChanges) {
    if (open.executionId !== target.executionId && now() < new Date(open.endsAt)) continue;
    const recorded = await readJournal(table, open.changeId);
    const result = recorded
      ? await finishChange(recorded, seen, finishing)
      : await removeOpenChange(table, { ...target, changeId: open.changeId });
    if (result) ended.push(result);
  }
  return ended;
};

const finishChange = async (
  recorded: StoredChange,
  seen: LiveState,
  finishing: FinishContext,
): Promise<RemediationResult | undefined> => {
  const { journal, entries, kept } = recorded;
  if (journal.header.status !== 'applying') {
    await publishClosedChange(kept, finishing);
    return publishedResult(kept.data);
  }
  if (entries.length === 0) {
    await journal.close('failed');
    await removeOpenChange(finishing.table, journal.header);
    return undefined;
  }
  return closeInterrupted(recorded, seen, finishing);
};

/** What a change came to, as the event says that was still to be told. */
export const publishedResult = ({ untold = [] }: JournalHeader): RemediationResult | undefined => {
  const event = untold.findLast((one) => one.type === 'remediation-finished');
  if (!event) return undefined;
  const { outcome: status, reason, planId, changeId } = event;
  return {
    status,
    reason,
    ...(planId !== undefined && { planId }),
    ...(changeId !== undefined && { changeId }),
    published: true,
  };
};

const closeInterrupted = async (
  { journal, entries }: StoredChange,
  seen: LiveState,
  finishing: FinishContext,
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
  else await recordFailure(toFixTarget(finishing.target), { table, now: now() });
  const event = remediationFinishedEvent(header, result, now());
  const ending = isFixed
    ? ({ status: 'applied', factsAfter: asJson(seen.facts ?? null), event } as const)
    : ({ status: 'failed', event } as const);
  await closeChange(journal, ending, finishing);
  return { ...result, published: true };
};

/** The automation marks an approved plan once its change is done. */
const markApplied = async (
  { planId, changeId }: JournalHeader,
  { table, now }: FinishContext,
): Promise<void> => {
  try {
    await transitionPlan(table, {
      planId,
      from: ['approved'],
      to: 'applied',
      now: now(),
      successor: changeId,
    });
  } catch (error) {
    // It was never approved, was marked before, or has expired: what was done is told in any case.
    if (failureKind(error) === 'transient') throw error;
  }
};
