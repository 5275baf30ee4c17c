import { setTimeout as sleep } from 'node:timers/promises';

import { differenceOf, describeDelta } from '../plan/difference.ts';
import { asJson, canonical, isPlainObject, type Json } from '../base/json.ts';
import { VERIFY_DELAYS_MS } from '../remediate/observe-live.ts';
import type { RemediationContext } from '../remediate/remediation.ts';
import type { JournalEntry, JournalHeader } from '../state/journal.ts';
import { areEditsBack } from './undo-steps.ts';

interface Verified {
  readonly outcome: 'undone' | 'failed';
  readonly reason: string;
  readonly factsAfter: Json;
}

/** Looked at a few times, as after a fix: AWS may answer a read with the state before a write for a moment. */
export const verifyUndone = async (
  remediation: RemediationContext,
  header: JournalHeader,
  undone: readonly JournalEntry[],
): Promise<Verified> => {
  let seen: Verified = { outcome: 'failed', reason: '', factsAfter: null };
  for (const pause of VERIFY_DELAYS_MS) {
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
  { rule, session }: RemediationContext,
  header: JournalHeader,
  { undone, factsAfter }: { readonly undone: readonly JournalEntry[]; readonly factsAfter: Json },
): Promise<Omit<Verified, 'factsAfter'>> => {
  const left = whatIsLeft(header, factsAfter);
  if (left === undefined) return { outcome: 'undone', reason: header.description };
  return isEditsOnly(undone) && (await areEditsBack(rule, undone, session))
    ? { outcome: 'undone', reason: `${header.description}. What others changed stands: ${left}` }
    : { outcome: 'failed', reason: `Undone, but not as before: ${left}` };
};

/** Then each edit knows what it had touched, which is less than all that the facts tell. */
export const isEditsOnly = (entries: readonly JournalEntry[]) =>
  entries.length > 0 && entries.every(({ intent }) => intent.type === 'edit');

export const factsOf = async ({ rule, target, session }: RemediationContext): Promise<Json> =>
  asJson((await rule.observe.get(target.resource, { session }))?.facts ?? null);

/** What is not as before, or as `undoLeaves` says; `undefined` where all is. */
export const whatIsLeft = ({ factsBefore, undoLeaves }: JournalHeader, live: Json): string | undefined => {
  const expected =
    isPlainObject(factsBefore) && isPlainObject(undoLeaves) ? { ...factsBefore, ...undoLeaves } : factsBefore;
  if (canonical(live) === canonical(expected)) return undefined;
  return differenceOf(asJson(expected), live).map(describeDelta).join('; ');
};
