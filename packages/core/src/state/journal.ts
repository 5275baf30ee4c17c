import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import { permanent } from '../base/errors.ts';
import { Json } from '../base/json.ts';
import { PlannedCall, PlannedEdit } from '../plan/plan.ts';
import { Resource } from '../aws/resource.ts';
import { indexOpenChange } from './open-changes.ts';
import type { Table } from './table.ts';
import { PendingEvents, type Stored } from './outbox.ts';

const RecordedUndo = z.union([
  PlannedCall.extend({ alreadyDone: z.array(z.string()) }),
  z.object({ impossible: z.string() }),
]);
export type RecordedUndo = Readonly<z.infer<typeof RecordedUndo>>;

const StepIntent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    ...PlannedCall.shape,
    /** The way back, where it is known before the answer. */
    undo: RecordedUndo.optional(),
  }),
  PlannedEdit,
]);
export type StepIntent = Readonly<z.infer<typeof StepIntent>>;

const StepOutcome = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), undo: RecordedUndo.optional() }),
  /** AWS said there was nothing to do: it is not ours to undo. */
  z.object({ type: z.literal('already-done') }),
  z.object({ type: z.literal('failed'), error: z.string() }),
  z.object({ type: z.literal('undone') }),
]);
export type StepOutcome = Readonly<z.infer<typeof StepOutcome>>;

/** One step of a change: what was about to be done, and how it went. Without an outcome nobody knows. */
const JournalEntry = z.object({ index: z.number(), intent: StepIntent, outcome: StepOutcome.optional() });
export type JournalEntry = Readonly<z.infer<typeof JournalEntry>>;

const JournalHeader = z.object({
  changeId: z.string(),
  planId: z.string(),
  command: z.string(),
  accountId: AccountId,
  region: z.string(),
  partition: z.string(),
  resource: Resource,
  description: z.string(),
  executionId: z.string(),
  startedAt: z.iso.datetime(),
  /** When its run has ended for certain, as Lambda kills it. */
  endsAt: z.iso.datetime().optional(),
  /** Whom the finding goes to. */
  owner: z.string().optional(),
  /** The person who asked for it, as STS proved. */
  by: z.string().optional(),
  factsBefore: Json,
  factsAfter: Json.optional(),
  undoLeaves: Json.optional(),
  status: z.enum(['applying', 'applied', 'failed', 'undone']),
  untold: PendingEvents,
});
export type JournalHeader = Readonly<z.infer<typeof JournalHeader>>;

export interface Journal {
  readonly header: JournalHeader;
  /** Written before the call, so that a function killed in between leaves a trace of what it may have done. */
  recordIntent(index: number, intent: StepIntent): Promise<void>;
  recordOutcome(index: number, outcome: StepOutcome): Promise<void>;
  /** Answers the row to tell the event from; `undefined` when another run closed the change meanwhile. */
  close(status: JournalHeader['status'], closing?: ClosingData): Promise<Stored<JournalHeader> | undefined>;
}

interface ClosingData {
  readonly factsAfter?: Json;
  /** What the auditors are to be told of it. */
  readonly event?: AuditEvent;
}

/**
 * Begins the record of a change. One that never came to a step is begun again: its run found the network away, and
 * the automation tries once more.
 * @throws {ComplianceError} `change-exists` when the same change was begun before
 */
export const openJournal = async (table: Table, header: JournalHeader): Promise<Journal> => {
  const known = await readJournal(table, header.changeId);
  const expected = known?.version ?? 0;
  const isUntouched = known === undefined || known.entries.length === 0;
  if (isUntouched) await indexOpenChange(table, header);
  if (isUntouched && (await table.put({ pk: keyOf(header.changeId), sk: HEADER, data: header, expected })))
    return journalAt(table, header, expected + 1);
  throw permanent('change-exists', `${header.changeId} was begun before; its journal tells how far it came.`);
};

/** The record of a change, to read and to continue. */
export const readJournal = async (table: Table, changeId: string) => {
  const row = await table.get(keyOf(changeId), HEADER);
  if (!row) return undefined;
  const entries: JournalEntry[] = [];
  for await (const { sk, data } of table.query(keyOf(changeId)))
    if (sk !== HEADER) entries.push(JournalEntry.parse(data));
  const kept = { ...row, data: JournalHeader.parse(row.data) };
  return { journal: journalAt(table, kept.data, row.version), entries, version: row.version, kept };
};
export type StoredChange = NonNullable<Awaited<ReturnType<typeof readJournal>>>;

// Sorts before `step#`.
const HEADER = 'change';
const keyOf = (changeId: string) => `change#${changeId}`;
const stepKey = (index: number) => `step#${String(index).padStart(3, '0')}`;

const journalAt = (table: Table, header: JournalHeader, version: number): Journal => {
  const { changeId } = header;
  const pk = keyOf(changeId);
  return {
    header,
    recordIntent: async (index, intent) => {
      const written = await table.put({ pk, sk: stepKey(index), data: { index, intent }, expected: 0 });
      if (!written)
        throw permanent('journal-conflict', `Step ${index} of ${changeId} was begun by another run.`);
    },
    recordOutcome: async (index, outcome) => {
      const row = await table.get(pk, stepKey(index));
      const { intent } = JournalEntry.parse(row?.data);
      await table.put({
        pk,
        sk: stepKey(index),
        data: { index, intent, outcome },
        expected: row?.version ?? 0,
      });
    },
    close: async (status, { factsAfter = header.factsAfter, event } = {}) => {
      const data: JournalHeader = {
        ...header,
        status,
        ...(factsAfter !== undefined && { factsAfter }),
        ...(event && { untold: [...(header.untold ?? []), event] }),
      };
      const closed = await table.put({ pk, sk: HEADER, data, expected: version });
      return closed ? { pk, sk: HEADER, data, version: version + 1 } : undefined;
    },
  };
};
