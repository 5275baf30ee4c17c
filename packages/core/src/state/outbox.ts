import * as z from 'zod';

import { hasCode } from '../base/errors.ts';
import { AuditEvent } from '../audit/audit-event.ts';
import type { Publisher } from '../audit/publisher.ts';
import type { Table, TableItem } from './table.ts';

/**
 * The transactional outbox: audit events that a row records and that may not be published yet.
 * They are written together with the row and removed once published. Any reader that finds pending events publishes
 * them before it continues, so delivery is at least once; the id of an event is a digest, so duplicates are harmless.
 */
export const PendingEvents = z.array(AuditEvent).optional();

/** A row that was written or read, with its data parsed. */
export interface Stored<Data> extends Omit<TableItem, 'data'> {
  readonly data: Data;
}

interface WithPendingEvents {
  readonly pendingEvents?: z.infer<typeof PendingEvents>;
}

/** Publishes a row's pending events, then removes them. A row that another run wrote meanwhile keeps them. */
export const publishPending = async <Data extends WithPendingEvents>(
  { data: { pendingEvents = [], ...data }, version: expected, ...row }: Stored<Data>,
  encode: (data: Omit<Data, 'pendingEvents'>) => object,
  { table, publish }: { readonly table: Table; readonly publish: Publisher },
): Promise<void> => {
  if (pendingEvents.length === 0) return;
  await publish(pendingEvents);
  await table.put({ ...row, data: encode(data), expected });
};

/**
 * Writes a row together with its event.
 * A row of DynamoDB holds 400 KB: when both do not fit, the event is published first, so that it may be published
 * twice but is never lost.
 */
export const writeWithEvent = async <Row>(
  event: AuditEvent,
  publish: Publisher,
  write: (event?: AuditEvent) => Promise<Row>,
): Promise<Row> => {
  try {
    return await write(event);
  } catch (error) {
    if (!hasCode(error, 'ValidationException')) throw error;
    await publish([event]);
    return write();
  }
};
