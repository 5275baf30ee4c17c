import { defined } from '../base/defined.ts';
import { explain, hasCode, permanent, transient } from '../base/errors.ts';
import { asJson } from '../base/json.ts';
import { operationId } from '../aws/operation.ts';
import type { Session } from '../aws/session.ts';
import type { CallStep, Change, EditStep, Step, Undo } from '../rule/change.ts';
import { differenceOf } from '../plan/difference.ts';
import type { StepIntent, Journal, StepOutcome, RecordedUndo } from '../state/journal.ts';
import { isOwnDocument, recordOwnDocument } from '../state/own-documents.ts';
import type { Table } from '../state/table.ts';
import { documentName, withDocumentLease } from './document-lease.ts';

export interface StepsContext {
  readonly session: Session;
  readonly journal: Journal;
  readonly table: Table;
}

/** One step, as the audit event shows it. */
interface StepRecord {
  readonly intent: StepIntent;
  readonly outcome: StepOutcome;
}

export interface StepsResult {
  readonly steps: readonly StepRecord[];
  /** The error that stopped the change; the steps before it stay done and can be undone. */
  readonly error?: unknown;
}

/**
 * Runs a change step by step. Each intent is journalled before its call, each outcome after it.
 * @throws {ComplianceError} transient `not-journalled` when the outcome of a step that began could not be stored
 */
export const runSteps = async (change: Change, context: StepsContext): Promise<StepsResult> => {
  const steps: StepRecord[] = [];
  try {
    for (const [index, step] of change.steps.entries()) {
      const { applied, error } = await applyStep(step, index, context);
      steps.push(applied);
      if (error !== undefined) return { steps, error };
    }
    return { steps };
  } catch (error) {
    if (hasCode(error, NOT_JOURNALLED)) throw error;
    // The journal, a lease or a document was not available: the step did not begin, those before it are done.
    return { steps, error };
  }
};

const applyStep = async (step: Step, index: number, context: StepsContext) => {
  const session = step.region === undefined ? context.session : context.session.at(step.region);
  const record = { ...context, index, session };
  const { intent, ...result } =
    step.type === 'call' ? await applyCall(step, record) : await applyEdit(step, record);
  const outcome: StepOutcome =
    'error' in result ? { type: 'failed', error: explain(result.error) } : result.outcome;
  await context.journal.recordOutcome(index, outcome).catch(notJournalled(index));
  return { applied: { intent, outcome }, ...('error' in result && { error: result.error }) };
};

/** The step is done but its outcome is not journalled: the next run finds out, as after an interrupted run. */
const notJournalled = (index: number) => (error: unknown) => {
  throw transient(
    NOT_JOURNALLED,
    `The outcome of step ${index + 1} could not be journalled: ${explain(error)}`,
    error,
  );
};

const NOT_JOURNALLED = 'not-journalled';

type StepContext = StepsContext & { readonly index: number };
type StepResult = { readonly intent: StepIntent } & (
  | { readonly outcome: StepOutcome }
  | { readonly error: unknown }
);

const applyCall = async (step: CallStep, { journal, index, session }: StepContext): Promise<StepResult> => {
  const intent: StepIntent = {
    type: 'call',
    operation: operationId(step.operation),
    input: asJson(step.input),
    ...defined({
      region: step.region,
      undo: typeof step.undo === 'function' ? undefined : recordUndo(step.undo, undefined),
    }),
  };
  await journal.recordIntent(index, intent);
  try {
    const output = await step.operation.send(step.input, session);
    const refusal = step.operation.refused?.(output);
    if (refusal !== undefined) throw permanent('refused', `${intent.operation} did nothing: ${refusal}`);
    return { intent, outcome: { type: 'done', undo: recordUndo(step.undo, output) } };
  } catch (error) {
    return hasCode(error, ...step.alreadyDone)
      ? { intent, outcome: { type: 'already-done' } }
      : { intent, error };
  }
};

const recordUndo = (undo: CallStep['undo'], output: unknown): RecordedUndo => {
  const resolved: Undo = typeof undo === 'function' ? undo(output) : undo;
  if ('impossible' in resolved) return resolved;
  const { operation, input, alreadyDone, region } = resolved;
  return {
    operation: operationId(operation),
    input: asJson(input),
    alreadyDone: [...alreadyDone],
    ...defined({ region }),
  };
};

const applyEdit = (step: EditStep, { journal, index, session, table }: StepContext): Promise<StepResult> =>
  withDocumentLease(step, session, { table, journal }, async () => {
    const { document, key } = step;
    const live = await document.read(key, session);
    const name = documentName(step, session);
    const absent = live === undefined || (await isOwnDocument(table, name, live));
    const before = live ?? document.defaults;
    const after = step.apply(before);
    const intent: StepIntent = {
      type: 'edit',
      document: document.kind,
      key,
      absent,
      difference: differenceOf(before, after),
      ...defined({ region: step.region }),
    };
    await journal.recordIntent(index, intent);
    if (intent.difference.length === 0) return { intent, outcome: { type: 'already-done' } };
    if (absent) await recordOwnDocument(table, name, { before: live, after });
    try {
      await document.write(key, after, session);
      return { intent, outcome: { type: 'done' } };
    } catch (error) {
      return { intent, error };
    }
  });
