import { fixTargetOf } from './admission.ts';
import { auditEvent } from './audit/audit-event.ts';
import { differenceOf, describeDelta } from './difference.ts';
import { explain, permanent } from './errors.ts';
import { asJson, canonical, isPlainObject, type Json } from './json.ts';
import type { Operating, OperatorAnswer, OperatorRequest } from './operate.ts';
import { openRemediation, scopeOf, type Remediation, type RemediationTarget } from './remediation.ts';
import { holdResource } from './state/holds.ts';
import { readJournal, type JournalHeader } from './state/journal.ts';
import { undoChange } from './undo.ts';

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
  try {
    requireUntouched(header, await factsOf(remediation));
    await undoChange(rule, recorded.entries, { session, journal: recorded.journal, table });
  } catch (error) {
    return report(remediation, { operating, header, outcome: 'refused', reason: explain(error) });
  }
  const factsAfter = await factsOf(remediation);
  await recorded.journal.close('undone');
  await hold(remediation, header, operating);
  const left = whatIsLeft(header, factsAfter);
  if (left === undefined)
    return report(remediation, {
      operating,
      header,
      outcome: 'undone',
      reason: header.description,
      factsAfter,
    });
  return report(remediation, { operating, header, outcome: 'failed', reason: left, factsAfter });
};

const factsOf = async ({ rule, target, session }: Remediation): Promise<Json> =>
  asJson((await rule.observe.one(target.resource, { session }))?.facts ?? null);

/** A change that failed half-way left facts that nobody recorded: then each step is judged by itself. */
const requireUntouched = ({ changeId, factsAfter, status }: JournalHeader, live: Json): void => {
  if (status !== 'applied' || factsAfter === undefined || canonical(live) === canonical(factsAfter)) return;
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
  return `Undone, but not as before: ${differenceOf(asJson(expected), live).map(describeDelta).join('; ')}`;
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
