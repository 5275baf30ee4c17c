import { readChange } from '../state/journal.ts';
import { assertNotRunning } from '../state/open-changes.ts';
import type { PlanRecord } from '../state/plan-record.ts';
import { publishClosedChange } from '../remediate/close-change.ts';
import { publishedResult } from '../remediate/finish-interrupted-changes.ts';
import { recoverChanges } from '../remediate/recover-changes.ts';
import { observeLive } from '../remediate/observe-live.ts';
import type { RemediationContext, RemediationResult } from '../remediate/remediation.ts';
import type { OperatorContext } from './operator-request.ts';

/**
 * Finishes an apply that was interrupted or was not published.
 * Returns `not-begun` when it began no step; `undefined` when there is nothing to resume.
 * @throws {ComplianceError} permanent `still-applying` while its run may be alive
 */
export const resumeInterruptedApply = async (
  { status, appliedByChange }: PlanRecord,
  open: () => Promise<RemediationContext>,
  context: OperatorContext,
): Promise<RemediationResult | 'not-begun' | undefined> => {
  if (status !== 'applied' || appliedByChange === undefined) return undefined;
  const change = await readChange(context.table, appliedByChange);
  if (!change) return undefined;
  const { journal, entries, row } = change;
  assertNotRunning(journal.header, context.now());
  if (entries.length === 0) return 'not-begun';
  if (journal.header.status === 'applying') {
    const remediation = await open();
    const finished = await recoverChanges(remediation, await observeLive(remediation));
    return finished.find(({ changeId }) => changeId === appliedByChange);
  }
  await publishClosedChange(row, context);
  return publishedResult(row.data);
};
