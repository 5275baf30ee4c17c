import type { Json } from '../base/json.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Publisher } from '../audit/publisher.ts';
import { publishChangeEvents, type Journal, type JournalHeader } from '../state/journal.ts';
import { removeOpenChange } from '../state/open-changes.ts';
import { writeWithEvent, type Stored } from '../state/outbox.ts';
import type { Table } from '../state/table.ts';

interface Closing {
  readonly status: JournalHeader['status'];
  readonly factsAfter?: Json;
  readonly event: AuditEvent;
}

interface PublishContext {
  readonly table: Table;
  readonly publish: Publisher;
}

/** Closes a change and publishes its event. After an interruption in between, the next reader publishes it. */
export const closeChange = async (
  journal: Journal,
  { status, event, ...closing }: Closing,
  context: PublishContext,
): Promise<void> => {
  const { publish } = context;
  const row = await writeWithEvent(event, publish, (pending) =>
    journal.close(status, { ...closing, ...(pending && { event: pending }) }),
  );
  // Another run has closed the change; what this run did is published all the same.
  await (row ? publishClosedChange(row, context) : publish([event]));
};

/** Publishes the pending events of a closed change, and removes it from the open ones. */
export const publishClosedChange = async (
  row: Stored<JournalHeader>,
  context: PublishContext,
): Promise<void> => {
  await publishChangeEvents(row, context);
  await removeOpenChange(context.table, row.data);
};
