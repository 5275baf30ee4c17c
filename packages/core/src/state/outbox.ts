import * as z from 'zod';

import { bestEffort } from '../base/best-effort.ts';
import { hasCode } from '../base/errors.ts';
import { AuditEvent } from '../audit/audit-event.ts';
import type { Publisher } from '../audit/publisher.ts';
import type { Table, TableItem } from './table.ts';

/**
 * The transactional outbox: audit events that a row records and that may not be published yet.
 * They are written together with the row, and removed once every sink took them or they are kept for it in a row of
 * their own. Any reader that finds pending events publishes them first, so delivery is at least once; what is published
 * twice has one id.
 */
const Events = z.array(AuditEvent).readonly();
export type PendingEvents = z.infer<typeof Events>;

/**
 * The attributes of a row that hold its pending events.
 * The release before wrote `untold`, and reads events of schema 1 there alone: it must be able to read the row again.
 */
export const pendingAttributes = { untold: Events.optional(), pendingEvents: Events.optional() };

export const pendingIn = ({
  untold = [],
  pendingEvents = [],
}: {
  readonly untold?: PendingEvents | undefined;
  readonly pendingEvents?: PendingEvents | undefined;
}): PendingEvents | undefined => {
  const all = [...untold, ...pendingEvents];
  return all.length > 0 ? all : undefined;
};

/** A row that was written or read, with its data parsed. */
export interface Stored<Data> extends Omit<TableItem, 'data'> {
  readonly data: Data;
}

interface WithPendingEvents {
  readonly pendingEvents?: PendingEvents | undefined;
}

/**
 * Publishes a row's pending events, then removes them. A row that another run wrote meanwhile keeps them.
 * @returns whether the row holds none any more
 */
export const publishPending = async <Data extends WithPendingEvents>(
  { data: { pendingEvents = [], ...data }, version: expected, ...row }: Stored<Data>,
  encode: (data: Omit<Data, 'pendingEvents'>) => object,
  { table, publish }: { readonly table: Table; readonly publish: Publisher },
): Promise<boolean> => {
  if (pendingEvents.length === 0) return true;
  await publish(pendingEvents);
  return table.put({ ...row, data: encode(data), expected });
};

/**
 * Publishes what an earlier run left in a row, before the row is decided on.
 * When that fails, the events stay in the row, and the decision does not wait for them.
 */
export const publishEarlierEvents = (id: string, publishRow: () => Promise<void>): Promise<void> =>
  bestEffort(`Earlier events of ${id} are not published yet`, publishRow, undefined);

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
