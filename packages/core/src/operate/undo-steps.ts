import type { StepsContext } from '../remediate/run-steps.ts';
import type { SharedDocument } from '../rule/shared-document.ts';
import { documentName, underLease } from '../remediate/document-lease.ts';
import { applyDifference, conflictsWith, describeDelta, inverse } from '../plan/difference.ts';
import { hasCode, permanent } from '../base/errors.ts';
import { canonical, type Json } from '../base/json.ts';
import { operationId, type Operation } from '../aws/operation.ts';
import type { Rule } from '../rule/rule.ts';
import type { Session } from '../aws/session.ts';
import type { JournalEntry } from '../state/journal.ts';
import { removeOwnDocument, isOwnDocument, recordOwnDocument } from '../state/own-documents.ts';
import { undoActionFor, type UndoAction } from './undo-action.ts';

interface UndoContext extends StepsContext {
  /** Done once it is certain that the undo may begin. */
  readonly beforeFirst?: () => Promise<void>;
}

/**
 * Takes a change back: its journal backwards, each call by the undo that was recorded, each edit by its inverse
 * applied to what is live now. What others did to the same documents meanwhile stays.
 * @throws {ComplianceError} `undo-conflict` when somebody changed what this change had touched; nothing is done then
 * @throws {ComplianceError} `undo-impossible` when a step has no way back; nothing is done then
 */
export const undoSteps = async (
  rule: Rule,
  entries: readonly JournalEntry[],
  { beforeFirst, ...context }: UndoContext,
): Promise<readonly JournalEntry[]> => {
  const actions = entries.toReversed().flatMap((entry) => {
    const way = undoActionFor(entry);
    return way.type === 'nothing' ? [] : [{ entry, undo: undoOf(rule, way) }];
  });
  for (const { undo } of actions) await undo.check(context);
  await beforeFirst?.();
  for (const { entry, undo } of actions) {
    await undo.run(context);
    await context.journal.recordOutcome(entry.index, { type: 'undone' });
  }
  return actions.map(({ entry }) => entry);
};

/** Whether every place that these edits had changed holds again what it held before them. */
export const areEditsBack = async (
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
  /** Throws where the undo must not begin. */
  check(context: StepsContext): Promise<void>;
  run(context: StepsContext): Promise<void>;
}

const undoOf = (rule: Rule, way: Exclude<UndoAction, { type: 'nothing' }>): PreparedUndo => {
  if (way.type === 'impossible') throw permanent(way.code, way.reason);
  if (way.type === 'edit') return undoEdit(documentOf(rule, way.edit.document), way.edit);
  const undo = way.call;
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
  { key, region, absent, difference: back }: Extract<UndoAction, { type: 'edit' }>['edit'],
): PreparedUndo => {
  // A run killed after its write finds its own work done: what the edit had changed stands as before it.
  const forth = inverse(back);
  const isBack = (live: Json) => conflictsWith(live, forth).length === 0;
  const read = async (session: Session) => {
    const live = (await document.read(key, session)) ?? document.defaults;
    const conflicts = conflictsWith(live, back);
    if (conflicts.length === 0 || isBack(live)) return live;
    throw permanent(
      'undo-conflict',
      `${document.kind} ${key} was changed by somebody else since: ${conflicts.map(describeDelta).join('; ')}`,
    );
  };
  return {
    check: async ({ session }) => void (await read(inRegion(session, region))),
    run: (context) => {
      const session = inRegion(context.session, region);
      return underLease({ document, key }, session, context, async () => {
        const live = await read(session);
        if (isBack(live)) return;
        const content = applyDifference(live, back);
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

// Journalled inputs are the JSON of an SDK input, which is always an object.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
const inputOf = (input: unknown) => input as object;

const operationOf = (rule: Rule, id: string): Operation => {
  const found = rule.undo?.operations?.find((operation) => operationId(operation) === id);
  if (found) return found;
  throw permanent('undo-undeclared', `${rule.command} does not declare ${id} among its undo operations.`);
};

const documentOf = (rule: Rule, kind: string): SharedDocument => {
  const found = rule.undo?.documents?.find((document) => document.kind === kind);
  if (found) return found;
  throw permanent('undo-undeclared', `${rule.command} does not declare ${kind} among its undo documents.`);
};
