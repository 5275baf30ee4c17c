import * as z from 'zod';

import { AuditEvent } from '../audit/audit-event.ts';
import type { Publisher } from '../audit/publisher.ts';
import { hasCode } from '../base/errors.ts';
import type { Table, TableItem } from './table.ts';

/**
 * Audit events of what a row records that may not have been told yet. They are written together with it, and taken
 * away once they are told: whoever comes by a row that still has some tells them first. So each is told at least
 * once; its id is a digest, so that twice does no harm.
 */
export const PendingEvents = z.array(AuditEvent).optional();

/** A row that was written or read, with its data parsed. */
export interface Stored<Data> extends Omit<TableItem, 'data'> {
  readonly data: Data;
}

/** Tells what the row has still to tell. A row that another run wrote meanwhile tells it again. */
export const publishPending = async <Data extends { readonly untold?: z.infer<typeof PendingEvents> }>(
  { data: { untold = [], ...data }, version: expected, ...row }: Stored<Data>,
  { table, publish }: { readonly table: Table; readonly publish: Publisher },
): Promise<void> => {
  if (untold.length === 0) return;
  await publish(untold);
  await table.put({ ...row, data, expected });
};

/**
 * Writes a row together with its event. A row of DynamoDB holds 400 KB: where both are too much for one, the event is
 * told first, so that it is told again rather than not at all.
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
