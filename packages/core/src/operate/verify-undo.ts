import { asJson, canonical, isPlainObject, type Json } from '../base/json.ts';
import { describeDelta, differenceOf } from '../plan/difference.ts';
import type { JournalEntry, JournalHeader } from '../state/journal.ts';
import type { RemediationContext } from '../remediate/remediation.ts';
import { VERIFY_DELAYS_MS } from '../remediate/verify-fix.ts';
import { areEditsUndone } from './undo-steps.ts';

interface UndoVerification {
  readonly outcome: 'undone' | 'failed';
  readonly reason: string;
  readonly factsAfter: Json;
}

/** Polls until the facts are as before the change. */
export const verifyUndo = async (
  context: RemediationContext,
  header: JournalHeader,
  undone: readonly JournalEntry[],
): Promise<UndoVerification> => {
  let last: UndoVerification = { outcome: 'failed', reason: '', factsAfter: null };
  for (const delay of VERIFY_DELAYS_MS) {
    await context.session.clock.sleep(delay);
    const factsAfter = await observeFacts(context);
    last = { ...(await judgeUndo(context, header, { undone, factsAfter })), factsAfter };
    if (last.outcome === 'undone') return last;
  }
  return last;
};

/**
 * Whether the facts are as before, or as `undoLeaves` says.
 * Facts of a document that others also write may differ although all of our edits are undone: then the edited paths
 * decide.
 */
const judgeUndo = async (
  { rule, session }: RemediationContext,
  header: JournalHeader,
  { undone, factsAfter }: { readonly undone: readonly JournalEntry[]; readonly factsAfter: Json },
): Promise<Omit<UndoVerification, 'factsAfter'>> => {
  const remaining = describeUndoDifference(header, factsAfter);
  if (remaining === undefined) return { outcome: 'undone', reason: header.description };
  return isEditsOnly(undone) && (await areEditsUndone(rule, undone, session))
    ? { outcome: 'undone', reason: `${header.description}. Changes by others are kept: ${remaining}` }
    : { outcome: 'failed', reason: `Undone, but not as before: ${remaining}` };
};

/** Whether all steps are edits. Each edit knows its paths, which are fewer than the facts cover. */
export const isEditsOnly = (entries: readonly JournalEntry[]) =>
  entries.length > 0 && entries.every(({ intent }) => intent.type === 'edit');

export const observeFacts = async ({ rule, target, session }: RemediationContext): Promise<Json> =>
  asJson((await rule.observe.get(target.resource, { session }))?.facts ?? null);

/** Describes how the facts differ from those before the change, or from `undoLeaves`; `undefined` if they do not. */
export const describeUndoDifference = (
  { factsBefore, undoLeaves }: JournalHeader,
  live: Json,
): string | undefined => {
  const expected =
    isPlainObject(factsBefore) && isPlainObject(undoLeaves) ? { ...factsBefore, ...undoLeaves } : factsBefore;
  if (canonical(live) === canonical(expected)) return undefined;
  return differenceOf(asJson(expected), live).map(describeDelta).join('; ');
};
