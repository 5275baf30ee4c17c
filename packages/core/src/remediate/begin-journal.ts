import { defined } from '../base/defined.ts';
import { digest } from '../base/json.ts';
import type { Plan } from '../plan/plan.ts';
import { openJournal, readChange, type Journal, type JournalHeader } from '../state/journal.ts';
import type { ApplyPlanContext } from './apply-plan.ts';

/**
 * Begins the journal of a new change.
 * A retry of an execution whose first change began a step gets another change, so that each is published and undone
 * under its own id.
 * @throws {ComplianceError} `change-exists` when another run of this execution begins the same change
 */
export const beginJournal = async (plan: Plan, context: ApplyPlanContext): Promise<Journal> => {
  const { table } = context;
  for (let attempt = 1; ; attempt += 1) {
    const header = journalHeader(plan, context, attempt);
    const known = await readChange(table, header.changeId);
    if (!known || known.entries.length === 0) return openJournal(table, header);
  }
};

const journalHeader = (
  plan: Plan,
  { target, now, owner, actorArn, endsAt, causationId }: ApplyPlanContext,
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
  owner,
  factsBefore: plan.facts,
  status: 'applying',
  ...defined({ endsAt: endsAt?.toISOString(), actorArn, causationId, undoLeaves: plan.undoLeaves }),
});
