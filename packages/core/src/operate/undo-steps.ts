import { hasCode, permanent } from '../base/errors.ts';
import { canonical, type Json } from '../base/json.ts';
import { operationId, type Operation } from '../aws/operation.ts';
import type { Session } from '../aws/session.ts';
import type { Rule } from '../rule/rule.ts';
import type { SharedDocument } from '../rule/shared-document.ts';
import { applyDifference, conflictsWith, describeDelta, inverse } from '../plan/difference.ts';
import type { JournalEntry } from '../state/journal.ts';
import { removeOwnDocument, isOwnDocument, recordOwnDocument } from '../state/own-documents.ts';
import { documentName, withDocumentLease } from '../remediate/document-lease.ts';
import type { StepsContext } from '../remediate/run-steps.ts';
import { undoActionFor, type UndoAction } from './undo-action.ts';

interface UndoContext extends StepsContext {
  /** Runs after all checks pass, before the first undo step. */
  readonly beforeFirst?: () => Promise<void>;
}

/**
 * Undoes the steps of a change in reverse order.
 * A call is undone by its recorded undo, an edit by the inverse difference on what is live now. Later edits of the same
 * documents by others are kept.
 * @throws {ComplianceError} `undo-conflict` when somebody modified what this change had edited; nothing is done then
 * @throws {ComplianceError} `undo-impossible` when a step cannot be undone; nothing is done then
 */
export const undoSteps = async (
  rule: Rule,
  entries: readonly JournalEntry[],
  { beforeFirst, ...context }: UndoContext,
): Promise<readonly JournalEntry[]> => {
  const actions = entries.toReversed().flatMap((entry) => {
    const action = undoActionFor(entry);
    return action.type === 'nothing' ? [] : [{ entry, undo: prepareUndo(rule, action) }];
  });
  for (const { undo } of actions) await undo.check(context);
  await beforeFirst?.();
  for (const { entry, undo } of actions) {
    await undo.run(context);
    await context.journal.recordOutcome(entry.index, { type: 'undone' });
  }
  return actions.map(({ entry }) => entry);
};

/** Whether every path of these edits holds what it held before them. */
export const areEditsUndone = async (
  rule: Rule,
  entries: readonly JournalEntry[],
  session: Session,
): Promise<boolean> => {
  for (const { intent } of entries) {
    if (intent.type !== 'edit') continue;
    const document = documentOf(rule, intent.document);
    const live = (await document.read(intent.key, inRegion(session, intent.region))) ?? document.defaults;
    if (conflictsWith(live, intent.difference).length > 0) return false;
  }
  return true;
};

interface PreparedUndo {
  /** Throws when the undo must not begin. */
  check(context: StepsContext): Promise<void>;
  run(context: StepsContext): Promise<void>;
}

const prepareUndo = (rule: Rule, action: Exclude<UndoAction, { type: 'nothing' }>): PreparedUndo => {
  if (action.type === 'impossible') throw permanent(action.code, action.reason);
  if (action.type === 'edit') return undoEdit(documentOf(rule, action.edit.document), action.edit);
  const undo = action.call;
  const operation = operationOf(rule, undo.operation);
  return {
    check: async () => {},
    run: async ({ session }) => {
      try {
        const output = await operation.send(inputOf(undo.input), inRegion(session, undo.region));
        const refusal = operation.refused?.(output);
        if (refusal !== undefined) throw permanent('refused', `${undo.operation} did nothing: ${refusal}`);
      } catch (error) {
        if (!hasCode(error, ...undo.alreadyDone)) throw error;
      }
    },
  };
};

const undoEdit = (
  document: SharedDocument,
  { key, region, absent, difference }: Extract<UndoAction, { type: 'edit' }>['edit'],
): PreparedUndo => {
  // An undo that was interrupted after its write finds the edited paths as before the edit.
  const edit = inverse(difference);
  const isUndone = (live: Json) => conflictsWith(live, edit).length === 0;
  const read = async (session: Session) => {
    const live = (await document.read(key, session)) ?? document.defaults;
    const conflicts = conflictsWith(live, difference);
    if (conflicts.length === 0 || isUndone(live)) return live;
    throw permanent(
      'undo-conflict',
      `Not undone: ${[document.kind, key].filter(Boolean).join(' ')} was modified since: ${conflicts.map(describeDelta).join('; ')}`,
    );
  };
  return {
    check: async ({ session }) => void (await read(inRegion(session, region))),
    run: (context) => {
      const session = inRegion(context.session, region);
      return withDocumentLease({ document, key }, session, context, async () => {
        const live = await read(session);
        if (isUndone(live)) return;
        const content = applyDifference(live, difference);
        const name = documentName({ document, key }, session);
        if (absent && canonical(content) === canonical(document.defaults)) {
          await document.remove(key, session);
          await removeOwnDocument(context.table, name);
          return;
        }
        if (await isOwnDocument(context.table, name, live))
          await recordOwnDocument(context.table, name, { before: live, after: content });
        await document.write(key, content, session);
      });
    },
  };
};

const inRegion = (session: Session, region: string | undefined) =>
  region === undefined ? session : session.at(region);

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a journalled input is the JSON of an SDK input, which is always an object.
const inputOf = (input: unknown) => input as object;

const operationOf = (rule: Rule, id: string): Operation => {
  const found = rule.undo?.operations?.find((operation) => operationId(operation) === id);
  if (found) return found;
  throw permanent(
    'undo-undeclared',
    `${rule.command} does not declare the undo operation ${id}. Add it to undo.operations of the rule, and deploy.`,
  );
};

const documentOf = (rule: Rule, kind: string): SharedDocument => {
  const found = rule.undo?.documents?.find((document) => document.kind === kind);
  if (found) return found;
  throw permanent(
    'undo-undeclared',
    `${rule.command} does not declare the undo document ${kind}. Add it to undo.documents of the rule, and deploy.`,
  );
};
