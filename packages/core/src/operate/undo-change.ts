import { defined } from '../base/defined.ts';
import { explain, failureKind, permanent } from '../base/errors.ts';
import { canonical, type Json } from '../base/json.ts';
import { describeDelta, differenceOf } from '../plan/difference.ts';
import { actorOf, auditEvent, type AuditEvent } from '../audit/audit-event.ts';
import { startCooldown } from '../state/cooldowns.ts';
import { readChange, type JournalEntry, type JournalHeader, type StoredChange } from '../state/journal.ts';
import { toFixTarget } from '../state/limits.ts';
import { assertNotRunning, indexOpenChange } from '../state/open-changes.ts';
import { publishEarlierEvents } from '../state/outbox.ts';
import { closeChange, publishClosedChange } from '../remediate/close-change.ts';
import {
  circumstancesOf,
  openRemediation,
  resolveScope,
  type RemediationContext,
  type RemediationTarget,
} from '../remediate/remediation.ts';
import type { OperatorAnswer, OperatorContext, OperatorRequest } from './operator-request.ts';
import { undoSteps } from './undo-steps.ts';
import { describeUndoDifference, isEditsOnly, observeFacts, verifyUndo } from './verify-undo.ts';

/**
 * Undoes a change and verifies it, unless the resource was modified since.
 * Mode auto then leaves the resource alone for the cooldown. The stop switch does not stop an undo: an undo must work
 * while the stop switch is on.
 */
export const undoChange = async (
  request: OperatorRequest,
  context: OperatorContext,
): Promise<OperatorAnswer> => {
  const change = await readChange(context.table, request.id);
  if (!change)
    throw permanent(
      'unknown-change',
      `Unknown change ${request.id}. 'compliance changes list' shows recent changes.`,
    );
  const { header } = change.journal;
  assertNotRunning(header, context.now());
  // The change's own pending events come first: its fix, or an undo that could not be published.
  if (header.status !== 'applying')
    await publishEarlierEvents(request.id, () => publishClosedChange(change.row, context));
  const earlier = unpublishedAnswer(header, context);
  if (earlier) return earlier;
  if (header.status === 'undone') throw permanent('undone-already', `${request.id} is already undone.`);
  return undoStored(await readAgain(change, context), request, context);
};

// Publishing its pending events has changed the row.
const readAgain = async (change: StoredChange, { table }: OperatorContext): Promise<StoredChange> =>
  change.journal.header.pendingEvents
    ? ((await readChange(table, change.journal.header.changeId)) ?? change)
    : change;

/** The answer to a repeated request whose undo is done but was not published. */
const unpublishedAnswer = (
  { pendingEvents = [] }: JournalHeader,
  { actorArn }: OperatorContext,
): OperatorAnswer | undefined => {
  const event = pendingEvents.findLast((one) => one.type === 'change-undone');
  return event && actorOf(event) === actorArn
    ? { status: event.outcome, reason: event.reason, changeId: event.changeId }
    : undefined;
};

const undoStored = async (
  change: StoredChange,
  request: OperatorRequest,
  context: OperatorContext,
): Promise<OperatorAnswer> => {
  const { header } = change.journal;
  const { changeId } = header;
  const remediation = await openFor(header, request, context);
  const { session, table } = remediation;
  let undone: readonly JournalEntry[];
  try {
    if (!isEditsOnly(change.entries)) assertUntouched(change, await observeFacts(remediation));
    undone = await undoSteps(remediation.rule, change.entries, {
      session,
      journal: change.journal,
      table,
      // Before the first step, because mode auto would otherwise fix at once what is being undone.
      beforeFirst: () => coolDown(remediation, header, context),
    });
  } catch (error) {
    // Undone steps are journalled: a repeated request continues after them.
    if (failureKind(error) === 'transient') throw error;
    const outcome = (await hasUndoneSteps(table, change)) ? 'failed' : 'refused';
    const reason = explain(error);
    await context.publish([changeUndoneEvent(remediation, { context, header, outcome, reason })]);
    return { status: outcome, reason, changeId };
  }
  const verified = await verifyUndo(remediation, header, undone);
  const event = changeUndoneEvent(remediation, { context, header, ...verified });
  // If this run ends before it has published, and nobody asks again, the next sweep does.
  const [startedAt, endsAt] = [context.now().toISOString(), context.endsAt?.toISOString()];
  await indexOpenChange(table, { ...header, startedAt, endsAt });
  await closeChange(change.journal, { status: 'undone', event }, context);
  return { status: verified.outcome, reason: verified.reason, changeId };
};

const openFor = async (
  header: JournalHeader,
  { executionId }: OperatorRequest,
  context: OperatorContext,
): Promise<RemediationContext> => {
  const rule = await context.loadRule(header.command);
  const scope = await resolveScope(header, context.loadSettings);
  const target: RemediationTarget = { ...header, executionId };
  return openRemediation(target, rule, scope, { ...context, phases: ['get', 'undo'] });
};

const countUndone = (entries: readonly JournalEntry[]) =>
  entries.filter(({ outcome }) => outcome?.type === 'undone').length;

/** Whether this try undid a step before it failed. */
const hasUndoneSteps = async (
  table: OperatorContext['table'],
  { journal, entries }: StoredChange,
): Promise<boolean> => {
  const current = await readChange(table, journal.header.changeId);
  return countUndone(current?.entries ?? []) > countUndone(entries);
};

const assertUntouched = ({ journal: { header }, entries }: StoredChange, live: Json): void => {
  const { changeId, factsAfter, status } = header;
  // Half-way through a fix or an undo, nobody recorded the facts. Each step then checks for itself.
  const isHalfWay = status !== 'applied' || countUndone(entries) > 0;
  if (isHalfWay || factsAfter === undefined || canonical(live) === canonical(factsAfter)) return;
  // An interrupted run has already undone it.
  if (describeUndoDifference(header, live) === undefined) return;
  const modified = differenceOf(factsAfter, live).map(describeDelta).join('; ');
  throw permanent('undo-conflict', `Not undone: the resource was modified after ${changeId}: ${modified}`);
};

const coolDown = (
  remediation: RemediationContext,
  { changeId }: JournalHeader,
  { table, now, actorArn }: OperatorContext,
): Promise<void> => {
  const days = remediation.appliedSettings.limits.cooldownAfterUndoDays;
  const until = new Date(now().getTime() + days * 86_400_000).toISOString();
  return startCooldown(table, toFixTarget(remediation.target), { by: actorArn, until, changeId });
};

interface UndoReport {
  readonly context: OperatorContext;
  readonly header: JournalHeader;
  readonly outcome: 'undone' | 'failed' | 'refused';
  readonly reason: string;
  readonly factsAfter?: Json;
}

const changeUndoneEvent = (
  remediation: RemediationContext,
  { context: { actorArn, now }, header, outcome, reason, factsAfter }: UndoReport,
): AuditEvent => {
  const { changeId, command, accountId, region, resource, owner } = header;
  const {
    rule: { severity },
    target: { executionId },
  } = remediation;
  return auditEvent(
    {
      type: 'change-undone',
      command,
      severity,
      accountId,
      region,
      resource,
      ...defined({ owner }),
      ...circumstancesOf({ ...remediation, causationId: header.lastEventId }),
      actor: actorArn,
      executionId,
      changeId,
      outcome,
      reason,
      ...defined({ factsBefore: header.factsAfter, factsAfter }),
    },
    now(),
    executionId,
  );
};
