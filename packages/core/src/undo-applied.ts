import { setTimeout as sleep } from 'node:timers/promises';

import { fixTargetOf } from './admission.ts';
import { auditEvent } from './audit/audit-event.ts';
import { differenceOf, describeDelta } from './difference.ts';
import { explain, failureKind, permanent } from './errors.ts';
import { asJson, canonical, isPlainObject, type Json } from './json.ts';
import type { Operating, OperatorAnswer, OperatorRequest } from './operate.ts';
import {
  LOOK_AFTER_MS,
  openRemediation,
  scopeOf,
  type Remediation,
  type RemediationTarget,
} from './remediation.ts';
import { holdResource } from './state/holds.ts';
import { readJournal, type JournalEntry, type JournalHeader } from './state/journal.ts';
import { areEditsBack, undoChange } from './undo.ts';

/**
 * Takes a change back for a person, if nobody changed since what it had touched, and verifies that the facts are
 * what they were. Auto then leaves the resource alone for a while. The stop switch does not stop an undo: it is
 * what one reaches for while it is on.
 */
export const undoApplied = async (
  request: OperatorRequest,
  operating: Operating,
): Promise<OperatorAnswer> => {
  const recorded = await readJournal(operating.table, request.id);
  if (!recorded) throw permanent('unknown-change', `There is no change ${request.id}.`);
  const { header } = recorded.journal;
  if (header.status === 'undone') throw permanent('undone-already', `${request.id} was undone before.`);

  const rule = await operating.loadRule(header.command);
  const scope = await scopeOf(header, operating.settings);
  const target: RemediationTarget = { ...header, executionId: request.executionId };
  const remediation = await openRemediation(target, rule, scope, { ...operating, phases: ['one', 'undo'] });
  const { session, table } = remediation;
  let undone: readonly JournalEntry[];
  try {
    if (!isEditsOnly(recorded.entries)) requireUntouched(recorded, await factsOf(remediation));
    undone = await undoChange(rule, recorded.entries, { session, journal: recorded.journal, table });
  } catch (error) {
    // The steps taken back are journalled: asked again, the undo goes on behind them.
    if (failureKind(error) === 'transient') throw error;
    const outcome = (await hasTakenBack(table, recorded)) ? 'failed' : 'refused';
    return report(remediation, { operating, header, outcome, reason: explain(error) });
  }
  const verified = await verifyUndone(remediation, header, undone);
  await recorded.journal.close('undone');
  await hold(remediation, header, operating);
  return report(remediation, { operating, header, ...verified });
};

type Recorded = NonNullable<Awaited<ReturnType<typeof readJournal>>>;

const countUndone = (entries: readonly JournalEntry[]) =>
  entries.filter(({ outcome }) => outcome?.type === 'undone').length;

/** Whether this very try took a step back before it failed. */
const hasTakenBack = async (table: Operating['table'], { journal, entries }: Recorded): Promise<boolean> => {
  const now = await readJournal(table, journal.header.changeId);
  return countUndone(now?.entries ?? []) > countUndone(entries);
};

/** Looked at a few times, as after a fix: AWS may answer a read with the state before a write for a moment. */
const verifyUndone = async (
  remediation: Remediation,
  header: JournalHeader,
  undone: readonly JournalEntry[],
): Promise<Pick<UndoReport, 'outcome' | 'reason' | 'factsAfter'>> => {
  let seen: Pick<UndoReport, 'outcome' | 'reason' | 'factsAfter'> = { outcome: 'failed', reason: '' };
  for (const pause of LOOK_AFTER_MS) {
    await sleep(pause);
    const factsAfter = await factsOf(remediation);
    seen = { ...(await judgeUndone(remediation, header, { undone, factsAfter })), factsAfter };
    if (seen.outcome === 'undone') return seen;
  }
  return seen;
};

/**
 * The facts are as before, or as `undoLeaves` says. Of a document that others write to as well that may not come true,
 * although all that this change had edited is back: then the places it had edited decide.
 */
const judgeUndone = async (
  { rule, session }: Remediation,
  header: JournalHeader,
  { undone, factsAfter }: { readonly undone: readonly JournalEntry[]; readonly factsAfter: Json },
): Promise<Pick<UndoReport, 'outcome' | 'reason'>> => {
  const left = whatIsLeft(header, factsAfter);
  if (left === undefined) return { outcome: 'undone', reason: header.description };
  return isEditsOnly(undone) && (await areEditsBack(rule, undone, session))
    ? { outcome: 'undone', reason: `${header.description}. What others changed stands: ${left}` }
    : { outcome: 'failed', reason: `Undone, but not as before: ${left}` };
};

/** Then each edit knows what it had touched, which is less than all that the facts tell. */
const isEditsOnly = (entries: readonly JournalEntry[]) =>
  entries.length > 0 && entries.every(({ intent }) => intent.type === 'edit');

const factsOf = async ({ rule, target, session }: Remediation): Promise<Json> =>
  asJson((await rule.observe.one(target.resource, { session }))?.facts ?? null);

const requireUntouched = ({ journal: { header }, entries }: Recorded, live: Json): void => {
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

const whatIsLeft = ({ factsBefore, undoLeaves }: JournalHeader, live: Json): string | undefined => {
  const expected =
    isPlainObject(factsBefore) && isPlainObject(undoLeaves) ? { ...factsBefore, ...undoLeaves } : factsBefore;
  if (canonical(live) === canonical(expected)) return undefined;
  return differenceOf(asJson(expected), live).map(describeDelta).join('; ');
};

const hold = (
  remediation: Remediation,
  { changeId }: JournalHeader,
  { table, now, by }: Operating,
): Promise<void> => {
  const days = remediation.appliedSettings.limits.holdAfterUndoDays;
  const until = new Date(now().getTime() + days * 86_400_000).toISOString();
  return holdResource(table, fixTargetOf(remediation), { by, until, changeId });
};

interface UndoReport {
  readonly operating: Operating;
  readonly header: JournalHeader;
  readonly outcome: 'undone' | 'failed' | 'refused';
  readonly reason: string;
  readonly factsAfter?: Json;
}

const report = async (
  { rule: { severity }, target: { executionId } }: Remediation,
  { operating: { by, publish, now }, header, outcome, reason, factsAfter }: UndoReport,
): Promise<OperatorAnswer> => {
  const { changeId, command, accountId, region, resource } = header;
  const undone = {
    type: 'change-undone',
    command,
    severity,
    accountId,
    region,
    resource,
    executionId,
    changeId,
    by,
    outcome,
    reason,
    ...(header.factsAfter !== undefined && { factsBefore: header.factsAfter }),
    ...(factsAfter !== undefined && { factsAfter }),
  } as const;
  await publish([auditEvent(undone, now())]);
  return { status: outcome, reason, changeId };
};
