import { PlanId, SINKS, type SinkName, type Table } from '@compliance/core';
import type { MemoryTable } from '@compliance/core/simulation';
import * as z from 'zod';

/** What was ever written to the table, whatever became of it later. */
export interface TableHistory {
  /** For each event that a row has held, by its id, the sinks that must get it. */
  readonly recorded: Map<string, ReadonlySet<SinkName>>;
  /** How often each plan went from open to approved. */
  readonly approvals: Map<string, number>;
}

const Event = z.object({ id: z.string() });
const Recorded = z.object({
  pendingEvents: z.array(Event).default([]),
  events: z.array(Event).default([]),
  sink: z.enum(SINKS).optional(),
  status: z.string().optional(),
});

/** The same table, whose successful writes are recorded before a broken build alters them. */
export const watchTable = (
  rows: MemoryTable,
  history: TableHistory,
  breakTable: (table: Table) => Table,
): Table => {
  const table = breakTable(rows);
  return {
    ...table,
    put: async (write) => {
      const before = await table.get(write.pk, write.sk);
      if (!(await table.put(write))) return false;
      const { pendingEvents, events, sink, status } = Recorded.parse(JSON.parse(JSON.stringify(write.data)));
      for (const { id } of [...pendingEvents, ...events])
        history.recorded.set(id, new Set([...(history.recorded.get(id) ?? []), ...(sink ? [sink] : SINKS)]));
      if (PlanId.safeParse(write.sk).success && status === 'approved') {
        const was = Recorded.safeParse(before?.data).data?.status;
        if (was === 'open') history.approvals.set(write.sk, (history.approvals.get(write.sk) ?? 0) + 1);
      }
      return true;
    },
  };
};
