import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { defined } from '../base/defined.ts';
import { permanent } from '../base/errors.ts';
import { Json } from '../base/json.ts';
import { Resource } from '../aws/resource.ts';
import { PlannedCall, PlannedEdit } from '../plan/plan.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Publisher } from '../audit/publisher.ts';
import { indexOpenChange } from './open-changes.ts';
import { pendingAttributes, pendingIn, publishPending, type PendingEvents, type Stored } from './outbox.ts';
import { updateRow, type Table } from './table.ts';

const RecordedUndo = z.union([
  PlannedCall.extend({ alreadyDone: z.array(z.string()) }),
  z.object({ impossible: z.string() }),
]);
export type RecordedUndo = Readonly<z.infer<typeof RecordedUndo>>;

const StepIntent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    ...PlannedCall.shape,
    /** Present when the undo does not depend on the call's answer. */
    undo: RecordedUndo.optional(),
  }),
  PlannedEdit,
]);
export type StepIntent = Readonly<z.infer<typeof StepIntent>>;

const StepOutcome = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), undo: RecordedUndo.optional() }),
  /** AWS answered that there was nothing to do, so there is nothing to undo. */
  z.object({ type: z.literal('already-done') }),
  z.object({ type: z.literal('failed'), error: z.string() }),
  z.object({ type: z.literal('undone') }),
]);
export type StepOutcome = Readonly<z.infer<typeof StepOutcome>>;

/** One step of a change: its intent, and its outcome when known. */
const JournalEntry = z.object({ index: z.number(), intent: StepIntent, outcome: StepOutcome.optional() });
export type JournalEntry = Readonly<z.infer<typeof JournalEntry>>;

/** The row of a change. Its attribute names are a contract, as those of a plan's row are. */
const StoredHeader = z.object({
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
  /** When Lambda ends the run at the latest. */
  endsAt: z.iso.datetime().optional(),
  owner: z.string().optional(),
  /** The person who asked for the change: the identity that STS proved. */
  by: z.string().optional(),
  factsBefore: Json,
  factsAfter: Json.optional(),
  undoLeaves: Json.optional(),
  status: z.enum(['applying', 'applied', 'failed', 'undone']),
  /** The decision or the plan that led to the change. */
  causationId: z.string().optional(),
  /** The newest event of the change: the cause of the next one. */
  lastEventId: z.string().optional(),
  ...pendingAttributes,
});
type StoredHeader = Readonly<z.infer<typeof StoredHeader>>;

/** The change that a journal records, as a whole. */
export interface JournalHeader extends Omit<StoredHeader, 'by' | 'untold' | 'pendingEvents'> {
  readonly actorArn?: string;
  readonly pendingEvents?: PendingEvents;
}

const parseHeader = (row: unknown): JournalHeader => {
  const { by: actorArn, untold, pendingEvents: pending, ...header } = StoredHeader.parse(row);
  const pendingEvents = pendingIn({ untold, pendingEvents: pending });
  return { ...header, ...defined({ actorArn, pendingEvents }) };
};

/** The header under the names of its row. */
export const storedHeader = ({ actorArn, pendingEvents, ...header }: JournalHeader): StoredHeader => ({
  ...header,
  ...defined({ by: actorArn, pendingEvents }),
});

export interface Journal {
  readonly header: JournalHeader;
  /** Written before the call. An interrupted run thus leaves a trace of what it may have done. */
  recordIntent(index: number, intent: StepIntent): Promise<void>;
  recordOutcome(index: number, outcome: StepOutcome): Promise<void>;
  /** Returns the row whose event is to be published; `undefined` when another run has closed the change. */
  close(status: JournalHeader['status'], closing?: ClosingData): Promise<Stored<JournalHeader> | undefined>;
}

interface ClosingData {
  readonly factsAfter?: Json;
  readonly event?: AuditEvent;
}

/**
 * Begins the journal of a change.
 * A change that began no step can begin again, as a retried automation does.
 * @throws {ComplianceError} permanent `change-exists` when the change began a step before
 */
export const openJournal = async (table: Table, header: JournalHeader): Promise<Journal> => {
  const { changeId } = header;
  const known = await readChange(table, changeId);
  const expected = known?.row.version ?? 0;
  const isUntouched = known === undefined || known.entries.length === 0;
  if (isUntouched) await indexOpenChange(table, header);
  const row = { pk: partitionOf(changeId), sk: HEADER, data: storedHeader(header), expected };
  if (isUntouched && (await table.put(row))) return journalAt(table, header, expected + 1);
  throw permanent('change-exists', `${changeId} exists already. Its journal shows which steps were done.`);
};

/** The journal of a change, to read and to continue. */
export const readChange = async (table: Table, changeId: string) => {
  const row = await table.get(partitionOf(changeId), HEADER);
  if (!row) return undefined;
  const entries: JournalEntry[] = [];
  for await (const { sk, data } of table.query(partitionOf(changeId)))
    if (sk !== HEADER) entries.push(JournalEntry.parse(data));
  const header = parseHeader(row.data);
  return { journal: journalAt(table, header, row.version), entries, row: { ...row, data: header } };
};
export type StoredChange = NonNullable<Awaited<ReturnType<typeof readChange>>>;

/** Publishes the events of a change that are not published yet. */
export const publishChangeEvents = async (
  row: Stored<JournalHeader>,
  context: { readonly table: Table; readonly publish: Publisher },
): Promise<void> => {
  await publishPending(row, storedHeader, context);
};

// Sorts before `step#`.
const HEADER = 'change';
const partitionOf = (changeId: string) => `change#${changeId}`;
const stepKey = (index: number) => `step#${String(index).padStart(3, '0')}`;

const journalAt = (table: Table, header: JournalHeader, version: number): Journal => {
  const { changeId } = header;
  const pk = partitionOf(changeId);
  return {
    header,
    recordIntent: async (index, intent) => {
      const isWritten = await table.put({ pk, sk: stepKey(index), data: { index, intent }, expected: 0 });
      if (!isWritten) throw permanent('journal-conflict', `Another run began step ${index} of ${changeId}.`);
    },
    recordOutcome: async (index, outcome) => {
      await updateRow(table, { pk, sk: stepKey(index) }, (row) => {
        const { intent } = JournalEntry.parse(row?.data);
        return { data: { index, intent, outcome } };
      });
    },
    close: async (status, { factsAfter = header.factsAfter, event } = {}) => {
      const pendingEvents = event ? [...(header.pendingEvents ?? []), event] : header.pendingEvents;
      const lastEventId = event?.id ?? header.lastEventId;
      const data: JournalHeader = {
        ...header,
        status,
        ...defined({ factsAfter, lastEventId, pendingEvents }),
      };
      const isClosed = await table.put({ pk, sk: HEADER, data: storedHeader(data), expected: version });
      return isClosed ? { pk, sk: HEADER, data, version: version + 1 } : undefined;
    },
  };
};
