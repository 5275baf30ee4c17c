import { bestEffort } from '../base/best-effort.ts';
import { transient } from '../base/errors.ts';
import { toFixTarget } from '../state/limits.ts';
import { listOpenChangesOf } from '../state/open-changes.ts';
import { requestReevaluation } from '../config/request-reevaluation.ts';
import { isViolating, type LiveState } from './observe-live.ts';
import type { RemediationContext, RemediationResult } from './remediation.ts';

/**
 * Finds the resource's interrupted changes and finishes them, by its live state.
 * @returns the result of each change that was finished here
 * @throws {ComplianceError} transient `still-applying` while an earlier run of this execution may be alive
 */
export const recoverChanges = async (
  context: RemediationContext,
  live: LiveState,
): Promise<readonly RemediationResult[]> => {
  const open = await listOpenChangesOf(context.table, toFixTarget(context.target));
  if (open.length === 0) return [];
  // Loaded only after an interrupted run, which is rare.
  const { finishInterruptedChanges } = await import('./finish-interrupted-changes.ts');
  const finished = await finishInterruptedChanges(open, context, live);
  const { rule, session, table, now, target } = context;
  if (finished.some(({ status }) => status === 'fixed'))
    await bestEffort(
      'AWS Config was not asked to evaluate again',
      () => requestReevaluation(rule, session, table, now()),
      undefined,
    );
  const running = open.find(
    ({ executionId, endsAt }) => executionId === target.executionId && now() < new Date(endsAt),
  );
  if (running)
    throw transient(
      'still-applying',
      `${running.changeId} of this execution may still be running until ${running.endsAt}.`,
    );
  return finished;
};

/** The fix of an interrupted run, when the resource is now compliant. */
export const recoveredFix = (
  finished: readonly RemediationResult[],
  live: LiveState,
): RemediationResult | undefined =>
  isViolating(live) ? undefined : finished.find(({ status }) => status === 'fixed');
