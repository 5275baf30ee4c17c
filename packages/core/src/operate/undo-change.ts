import { auditEvent, type AuditEvent } from '../audit/audit-event.ts';
import { differenceOf, describeDelta } from '../plan/difference.ts';
import { explain, failureKind, permanent } from '../base/errors.ts';
import { closeChange, publishClosedChange } from '../remediate/close-change.ts';
import { canonical, type Json } from '../base/json.ts';
import type { OperatorContext, OperatorAnswer, OperatorRequest } from './operator-request.ts';
import {
  openRemediation,
  resolveScope,
  type RemediationContext,
  type RemediationTarget,
} from '../remediate/remediation.ts';
import { startCooldown } from '../state/cooldowns.ts';
import { readJournal, type JournalEntry, type JournalHeader, type StoredChange } from '../state/journal.ts';
import { toFixTarget } from '../state/limits.ts';
import { assertNotRunning } from '../state/open-changes.ts';
import { undoSteps } from './undo-steps.ts';
import { factsOf, isEditsOnly, verifyUndone, whatIsLeft } from './verify-undo.ts';

/**
 * Takes a change back for a person, if nobody changed since what it had touched, and verifies that the facts are
 * what they were. Auto then leaves the resource alone for a while. The stop switch does not stop an undo: it is
 * what one reaches for while it is on.
 */
export const undoChange = async (
  request: OperatorRequest,
  operating: OperatorContext,
): Promise<OperatorAnswer> => {
  const recorded = await readJournal(operating.table, request.id);
  if (!recorded) throw permanent('unknown-change', `There is no change ${request.id}.`);
  const { header } = recorded.journal;
  assertNotRunning(header, operating.now());
  // Whatever the change has still to tell comes first: its fix, or the undo that could not be told.
  if (header.status !== 'applying') await publishClosedChange(recorded.kept, operating);
  const before = undoneBefore(header, operating);
  if (before) return before;
  if (header.status === 'undone') throw permanent('undone-already', `${request.id} was undone before.`);
  return undoRecorded(await readAgain(recorded, operating), request, operating);
};

// Its row is another once its events were told.
const readAgain = async (recorded: StoredChange, { table }: OperatorContext): Promise<StoredChange> =>
  recorded.journal.header.untold
    ? ((await readJournal(table, recorded.journal.header.changeId)) ?? recorded)
    : recorded;

/** The answer to one who asks again because the undo could not be told. */
const undoneBefore = (
  { untold = [] }: JournalHeader,
  { by }: OperatorContext,
): OperatorAnswer | undefined => {
  const event = untold.findLast((one) => one.type === 'change-undone');
  return event?.by === by
    ? { status: event.outcome, reason: event.reason, changeId: event.changeId }
    : undefined;
};

const undoRecorded = async (
  recorded: StoredChange,
  request: OperatorRequest,
  operating: OperatorContext,
): Promise<OperatorAnswer> => {
  const { header } = recorded.journal;
  const rule = await operating.loadRule(header.command);
  const scope = await resolveScope(header, operating.loadSettings);
  const target: RemediationTarget = { ...header, executionId: request.executionId };
  const remediation = await openRemediation(target, rule, scope, { ...operating, phases: ['get', 'undo'] });
  const { session, table } = remediation;
  let undone: readonly JournalEntry[];
  try {
    if (!isEditsOnly(recorded.entries)) assertUntouched(recorded, await factsOf(remediation));
    undone = await undoSteps(rule, recorded.entries, {
      session,
      journal: recorded.journal,
      table,
      // Before the first step: auto would else fix at once what is being undone.
      beforeFirst: () => hold(remediation, header, operating),
    });
  } catch (error) {
    // The steps taken back are journalled: asked again, the undo goes on behind them.
    if (failureKind(error) === 'transient') throw error;
    const outcome = (await hasTakenBack(table, recorded)) ? 'failed' : 'refused';
    const reason = explain(error);
    await operating.publish([undoneEvent(remediation, { operating, header, outcome, reason })]);
    return { status: outcome, reason, changeId: header.changeId };
  }
  const verified = await verifyUndone(remediation, header, undone);
  const event = undoneEvent(remediation, { operating, header, ...verified });
  await closeChange(recorded.journal, { status: 'undone', event }, operating);
  return { status: verified.outcome, reason: verified.reason, changeId: header.changeId };
};

const countUndone = (entries: readonly JournalEntry[]) =>
  entries.filter(({ outcome }) => outcome?.type === 'undone').length;

/** Whether this very try took a step back before it failed. */
const hasTakenBack = async (
  table: OperatorContext['table'],
  { journal, entries }: StoredChange,
): Promise<boolean> => {
  const now = await readJournal(table, journal.header.changeId);
  return countUndone(now?.entries ?? []) > countUndone(entries);
};

const assertUntouched = ({ journal: { header }, entries }: StoredChange, live: Json): void => {
  const { changeId, factsAfter, status } = header;
  // Half-way, forth or back, the facts are what nobody recorded: then each step is judged by itself.
  const isHalfWay = status !== 'applied' || countUndone(entries) > 0;
  if (isHalfWay || factsAfter === undefined || canonical(live) === canonical(factsAfter)) return;
  // A run killed before it could say so had taken it back.
  if (whatIsLeft(header, live) === undefined) return;
  const moved = differenceOf(factsAfter, live).map(describeDelta).join('; ');
  throw permanent(
    'undo-conflict',
    `Somebody changed what ${changeId} had touched, so it is not undone: ${moved}`,
  );
};

const hold = (
  remediation: RemediationContext,
  { changeId }: JournalHeader,
  { table, now, by }: OperatorContext,
): Promise<void> => {
  const days = remediation.appliedSettings.limits.holdAfterUndoDays;
  const until = new Date(now().getTime() + days * 86_400_000).toISOString();
  return startCooldown(table, toFixTarget(remediation.target), { by, until, changeId });
};

interface UndoReport {
  readonly operating: OperatorContext;
  readonly header: JournalHeader;
  readonly outcome: 'undone' | 'failed' | 'refused';
  readonly reason: string;
  readonly factsAfter?: Json;
}

const undoneEvent = (
  { rule: { severity }, target: { executionId } }: RemediationContext,
  { operating: { by, now }, header, outcome, reason, factsAfter }: UndoReport,
): AuditEvent => {
  const { changeId, command, accountId, region, resource, owner } = header;
  const undone = {
    type: 'change-undone',
    command,
    severity,
    accountId,
    region,
    resource,
    ...(owner !== undefined && { owner }),
    executionId,
    changeId,
    by,
    outcome,
    reason,
    ...(header.factsAfter !== undefined && { factsBefore: header.factsAfter }),
    ...(factsAfter !== undefined && { factsAfter }),
  } as const;
  return auditEvent(undone, now());
};
