import * as z from 'zod';

import { permanent } from '../base/errors.ts';
import type { JournalHeader } from './journal.ts';
import type { FixTarget, RuleScope } from './limits.ts';
import { updateRow, type Table } from './table.ts';

/**
 * Index from a resource to its unfinished changes.
 * A row is written before the change's journal, and removed once the end of the change is published, so that no
 * change is lost with its run.
 */
const OpenChange = z.object({
  changeId: z.string(),
  resourceId: z.string(),
  executionId: z.string(),
  /** Until then, the run may still be alive. */
  endsAt: z.iso.datetime(),
});
export type OpenChange = Readonly<z.infer<typeof OpenChange>>;

/** Lambda's longest time-out. */
export const LONGEST_RUN_MS = 15 * 60_000;

/** When the run of a change has certainly ended. */
const endOf = ({ startedAt, endsAt }: Pick<JournalHeader, 'startedAt' | 'endsAt'>): Date =>
  endsAt === undefined ? new Date(new Date(startedAt).getTime() + LONGEST_RUN_MS) : new Date(endsAt);

/** Why a change must be left alone for now: its run may still be alive. */
export const stillRunningReason = (header: JournalHeader, now: Date): string | undefined =>
  header.status !== 'applying' || endOf(header) <= now
    ? undefined
    : `${header.changeId} may still be running. Try again after ${endOf(header).toISOString()}.`;

/** @throws {ComplianceError} permanent `still-applying` while the run of a change may be alive */
export const assertNotRunning = (header: JournalHeader, now: Date): void => {
  const reason = stillRunningReason(header, now);
  if (reason !== undefined) throw permanent('still-applying', reason);
};

export const indexOpenChange = async (table: Table, header: JournalHeader): Promise<void> => {
  const { changeId, executionId, resource } = header;
  const data: OpenChange = {
    changeId,
    executionId,
    resourceId: resource.resourceId,
    endsAt: endOf(header).toISOString(),
  };
  const row = { pk: partitionOf(header), sk: changeId, data };
  if (await table.put({ ...row, expected: 0 })) return;
  // The change began before, but began no step.
  const expected = (await table.get(row.pk, row.sk))?.version ?? 0;
  await table.put({ ...row, expected });
};

/** Records that the run of a change has ended without closing it, so that the next run may finish it at once. */
export const releaseOpenChange = async (
  table: Table,
  { changeId, ...header }: JournalHeader,
  now: Date,
): Promise<void> => {
  await updateRow(
    table,
    { pk: partitionOf(header), sk: changeId },
    (row) => row && { data: { ...OpenChange.parse(row.data), endsAt: now.toISOString() } },
  );
};

export const removeOpenChange = async (
  table: Table,
  change: Pick<JournalHeader, 'accountId' | 'region' | 'command' | 'changeId'>,
): Promise<void> => {
  if (await table.remove(partitionOf(change), change.changeId, 1)) return;
  const row = await table.get(partitionOf(change), change.changeId);
  if (row) await table.remove(row.pk, row.sk, row.version);
};

/** The open changes of one rule in one account and Region. They are few: running ones and interrupted ones. */
export const listOpenChanges = async (table: Table, scope: RuleScope): Promise<readonly OpenChange[]> => {
  const rows = await Array.fromAsync(table.query(partitionOf(scope)));
  return rows.map(({ data }) => OpenChange.parse(data));
};

/** The open changes of one resource. */
export const listOpenChangesOf = async (table: Table, target: FixTarget): Promise<readonly OpenChange[]> =>
  (await listOpenChanges(table, target)).filter(({ resourceId }) => resourceId === target.resourceId);

const partitionOf = ({ accountId, region, command }: RuleScope) => `open#${accountId}#${region}#${command}`;
