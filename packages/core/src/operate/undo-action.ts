import type { ErrorCode } from '../base/errors.ts';
import { inverse } from '../plan/difference.ts';
import type { StepIntent, JournalEntry, StepOutcome, StoredChange, RecordedUndo } from '../state/journal.ts';
import { stillRunningReason } from '../state/open-changes.ts';

/** The action that undoes one step of a change. */
export type UndoAction =
  | { readonly type: 'nothing'; readonly reason: string }
  | { readonly type: 'call'; readonly call: Exclude<RecordedUndo, { impossible: string }> }
  | { readonly type: 'edit'; readonly edit: Extract<StepIntent, { type: 'edit' }> }
  | { readonly type: 'impossible'; readonly code: ErrorCode; readonly reason: string };

/**
 * Returns the action that undoes a step, according to its journal entry.
 * A step without an outcome may have been done, because its run was interrupted: its undo must be safe to repeat.
 */
export const undoActionFor = ({ intent, outcome }: JournalEntry): UndoAction => {
  if (outcome !== undefined && outcome.type !== 'done')
    return { type: 'nothing', reason: NOTHING[outcome.type] };
  if (intent.type === 'edit')
    return { type: 'edit', edit: { ...intent, difference: inverse(intent.difference) } };
  const undo = outcome === undefined ? intent.undo : outcome.undo;
  if (!undo)
    return {
      type: 'impossible',
      code: 'undo-unknown',
      reason: `The run was interrupted at ${intent.operation} ${JSON.stringify(intent.input)}, and the journal does not say how to undo it. Check whether it was done, and undo it by hand.`,
    };
  return 'impossible' in undo
    ? {
        type: 'impossible',
        code: 'undo-impossible',
        reason: `${intent.operation} cannot be undone: ${undo.impossible}`,
      }
    : { type: 'call', call: undo };
};

const NOTHING = {
  'already-done': 'it was already set',
  failed: 'it was not done',
  undone: 'it is undone',
} as const satisfies Record<Exclude<StepOutcome['type'], 'done'>, string>;

/**
 * Why an undo of this change would be refused, according to its journal.
 * Whether the resource was modified since, only the live resource shows.
 */
export const undoBlockedReason = (
  { journal: { header }, entries }: StoredChange,
  now: Date,
): string | undefined => {
  if (header.status === 'undone') return 'The change is already undone.';
  const running = stillRunningReason(header, now);
  if (running !== undefined) return running;
  const actions = entries.map(undoActionFor);
  const impossible = actions.find((action) => action.type === 'impossible');
  if (impossible) return impossible.reason;
  return actions.every(({ type }) => type === 'nothing') ? 'There is nothing to undo.' : undefined;
};
