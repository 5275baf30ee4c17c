import { publishClosedChange } from '../remediate/close-change.ts';
import { publishedResult } from '../remediate/finish-interrupted-changes.ts';
import { lookAndFinish } from '../remediate/observe-live.ts';
import type { RemediationContext, RemediationResult } from '../remediate/remediation.ts';
import { readJournal } from '../state/journal.ts';
import { assertNotRunning } from '../state/open-changes.ts';
import type { PlanRecord } from '../state/plan-record.ts';
import type { OperatorContext } from './operator-request.ts';

/**
 * What came of a plan whose applying was not told to its end: its run was cut off, or the log was out of reach.
 * `not-begun` where it never came to a step; `undefined` where there is nothing to resume.
 * @throws {ComplianceError} permanent `still-applying` while its run may be at it
 */
export const resumeInterruptedApply = async (
  { status, successor }: PlanRecord,
  open: () => Promise<RemediationContext>,
  operating: OperatorContext,
): Promise<RemediationResult | 'not-begun' | undefined> => {
  const recorded =
    status === 'applied' && successor !== undefined
      ? await readJournal(operating.table, successor)
      : undefined;
  if (!recorded) return undefined;
  const { journal, entries, kept } = recorded;
  assertNotRunning(journal.header, operating.now());
  if (entries.length === 0) return 'not-begun';
  if (journal.header.status === 'applying') {
    const { ended } = await lookAndFinish(await open());
    return ended.find(({ changeId }) => changeId === successor);
  }
  await publishClosedChange(kept, operating);
  return publishedResult(kept.data);
};
