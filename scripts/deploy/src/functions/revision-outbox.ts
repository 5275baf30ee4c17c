import { AuditEvent, type Publisher, type Table } from '@compliance/core';
import * as z from 'zod';

const Pending = z.object({ events: z.array(AuditEvent).readonly() });
const KEY = { pk: 'outbox#settings', sk: 'pending' };

/**
 * Changes what is published, with its events: they are stored before the change, and published after it.
 * What an interrupted run left is published first, if its change was made: `isMade` says whether a revision is in force.
 */
export const changeWithEvents = async (
  events: readonly AuditEvent[],
  change: () => Promise<void>,
  context: {
    readonly table: Table;
    readonly publish: Publisher;
    readonly isMade: (revision: string) => boolean;
  },
): Promise<void> => {
  const { table, publish, isMade } = context;
  const left = await table.get(KEY.pk, KEY.sk);
  const pending = left ? Pending.parse(left.data).events : [];
  const revision = pending.find((event) => 'revision' in event)?.revision;
  if (revision !== undefined && isMade(revision)) await publish(pending);
  const version = left?.version ?? 0;
  if (events.length > 0) await table.put({ ...KEY, data: { events }, expected: version });
  await change();
  if (events.length > 0) await publish(events);
  if (left || events.length > 0)
    await table.remove(KEY.pk, KEY.sk, events.length > 0 ? version + 1 : version);
};
