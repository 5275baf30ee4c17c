import type { ApplyPlanContext } from './apply-plan.ts';
import { digest } from '../base/json.ts';
import type { Plan } from '../plan/plan.ts';
import { openJournal, readJournal, type Journal, type JournalHeader } from '../state/journal.ts';

/**
 * The journal of a new change. An execution that tried the same before and came to a step begins another: what that
 * one did is told, and undone if need be, by its own name.
 * @throws {ComplianceError} `change-exists` when another run of this execution begins it at the same time
 */
export const beginJournal = async (plan: Plan, applying: ApplyPlanContext): Promise<Journal> => {
  const { table } = applying;
  for (let attempt = 1; ; attempt += 1) {
    const header = journalHeader(plan, applying, attempt);
    const known = await readJournal(table, header.changeId);
    if (!known || known.entries.length === 0) return openJournal(table, header);
  }
};

const journalHeader = (
  plan: Plan,
  { target, now, owner, by, endsAt }: ApplyPlanContext,
  attempt: number,
): JournalHeader => ({
  changeId: `change-${digest({ plan: plan.id, execution: target.executionId, attempt })}`,
  planId: plan.id,
  command: plan.command,
  accountId: plan.accountId,
  region: plan.region,
  partition: target.partition,
  resource: plan.resource,
  description: plan.description,
  executionId: target.executionId,
  startedAt: now().toISOString(),
  ...(endsAt && { endsAt: endsAt.toISOString() }),
  owner,
  ...(by !== undefined && { by }),
  factsBefore: plan.facts,
  ...(plan.undoLeaves !== undefined && { undoLeaves: plan.undoLeaves }),
  status: 'applying',
});
