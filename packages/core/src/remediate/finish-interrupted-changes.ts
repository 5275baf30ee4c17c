import { defined } from '../base/defined.ts';
import { failureKind } from '../base/errors.ts';
import { asJson } from '../base/json.ts';
import { readChange, type JournalHeader, type StoredChange } from '../state/journal.ts';
import { recordFailure } from '../state/circuits.ts';
import { toFixTarget } from '../state/limits.ts';
import { removeOpenChange, type OpenChange } from '../state/open-changes.ts';
import { markPlanApplied } from '../state/plans.ts';
import { closeChange, publishClosedChange } from './close-change.ts';
import { remediationFinishedEvent } from './finished-event.ts';
import { isViolating, type LiveState } from './observe-live.ts';
import {
  circumstancesOf,
  type RemediationContext,
  type RemediationResult,
  type RemediationTarget,
} from './remediation.ts';

interface FinishContext extends Pick<
  RemediationContext,
  'table' | 'publish' | 'now' | 'rule' | 'appliedSettings' | 'judgeContext'
> {
  readonly target: Omit<RemediationTarget, 'partition'>;
}

/**
 * Finishes changes of one resource whose run was interrupted, and publishes each.
 * `fixed` when the resource no longer violates, so that the change can be undone; `failed` when it does. A run that
 * may still be alive is left alone, also one of our own execution: a caller may have asked twice at once.
 */
export const finishInterruptedChanges = async (
  openChanges: readonly OpenChange[],
  context: FinishContext,
  live: LiveState,
): Promise<readonly RemediationResult[]> => {
  const { table, target, now } = context;
  const finished: RemediationResult[] = [];
  for (const open of openChanges) {
    if (now() < new Date(open.endsAt)) continue;
    const change = await readChange(table, open.changeId);
    const result = change
      ? await finishChange(change, live, context)
      : await removeOpenChange(table, { ...target, changeId: open.changeId });
    if (result) finished.push(result);
  }
  return finished;
};

const finishChange = async (
  change: StoredChange,
  live: LiveState,
  context: FinishContext,
): Promise<RemediationResult | undefined> => {
  const { journal, entries, row } = change;
  if (journal.header.status !== 'applying') {
    await publishClosedChange(row, context);
    return publishedResult(row.data);
  }
  if (entries.length === 0) {
    await journal.close('failed');
    await removeOpenChange(context.table, journal.header);
    return undefined;
  }
  return closeInterrupted(change, live, context);
};

/** The result of a closed change, from its pending event. */
export const publishedResult = ({ pendingEvents = [] }: JournalHeader): RemediationResult | undefined => {
  const event = pendingEvents.findLast((one) => one.type === 'remediation-finished');
  if (!event) return undefined;
  const { outcome: status, reason, planId, changeId } = event;
  return { status, reason, ...defined({ planId, changeId }), published: true };
};

const closeInterrupted = async (
  { journal, entries }: StoredChange,
  live: LiveState,
  context: FinishContext,
): Promise<RemediationResult> => {
  const { table, rule, now } = context;
  const { header } = journal;
  const { changeId, planId, owner, actorArn, factsBefore } = header;
  const isFixed = !isViolating(live) && entries.every(({ outcome }) => outcome?.type !== 'failed');
  const factsAfter = live.observation?.facts;
  const result: RemediationResult = {
    status: isFixed ? 'fixed' : 'failed',
    reason: isFixed
      ? `${header.description}; the run was interrupted, the fix was confirmed afterwards.`
      : `The run was interrupted at step ${entries.length}. 'compliance undo ${changeId}' reverts what was done.`,
    planId,
    changeId,
    severity: rule.severity,
    circumstances: {
      ...circumstancesOf({ ...context, causationId: header.causationId }),
      durationMs: now().getTime() - Date.parse(header.startedAt),
    },
    ...defined({ owner, actorArn }),
    factsBefore,
    ...(isFixed && { factsAfter }),
    applied: { steps: entries },
  };
  if (isFixed) await markPlanApplied(table, { planId, changeId, now: now() }).catch(throwTransient);
  else await recordFailure(toFixTarget(context.target), { table, now: now(), isOwn: false });
  const event = remediationFinishedEvent(header, result, now());
  await closeChange(
    journal,
    isFixed
      ? { status: 'applied', factsAfter: asJson(factsAfter ?? null), event }
      : { status: 'failed', event },
    context,
  );
  return { ...result, published: true };
};

/** Ignores a permanent failure: the plan was never approved, is marked already, or has expired. */
const throwTransient = (error: unknown): void => {
  if (failureKind(error) === 'transient') throw error;
};
