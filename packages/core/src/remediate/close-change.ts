import type { AuditEvent } from '../audit/audit-event.ts';
import type { Publisher } from '../audit/publisher.ts';
import type { Json } from '../base/json.ts';
import type { Journal, JournalHeader } from '../state/journal.ts';
import { removeOpenChange } from '../state/open-changes.ts';
import type { Table } from '../state/table.ts';
import { publishPending, writeWithEvent, type Stored } from '../state/outbox.ts';

interface Ending {
  readonly status: JournalHeader['status'];
  readonly factsAfter?: Json;
  readonly event: AuditEvent;
}

interface PublishContext {
  readonly table: Table;
  readonly publish: Publisher;
}

/** Closes the record of a change and tells of its end. Cut off in between, whoever looks next tells it. */
export const closeChange = async (
  journal: Journal,
  { status, event, ...closing }: Ending,
  telling: PublishContext,
): Promise<void> => {
  const { publish } = telling;
  const kept = await writeWithEvent(event, publish, (told) =>
    journal.close(status, { ...closing, ...(told && { event: told }) }),
  );
  // Another run closed it meanwhile; what this one did is told all the same.
  await (kept ? publishClosedChange(kept, telling) : publish([event]));
};

/** Tells what a closed change has still to tell, and forgets that it was open. */
export const publishClosedChange = async (
  kept: Stored<JournalHeader>,
  telling: PublishContext,
): Promise<void> => {
  await publishPending(kept, telling);
  await removeOpenChange(telling.table, kept.data);
};
