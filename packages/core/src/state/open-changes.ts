import * as z from 'zod';

import { permanent } from '../base/errors.ts';
import type { JournalHeader } from './journal.ts';
import type { FixTarget } from './limits.ts';
import type { Table } from './table.ts';

/**
 * The way from a resource to those of its changes that were begun and of which nothing was told yet. A row is written
 * before the change's journal and taken away once its end is told, so that no change is lost with its run.
 */
const OpenChange = z.object({
  changeId: z.string(),
  resourceId: z.string(),
  executionId: z.string(),
  /** Until then the run may still be at it. */
  endsAt: z.iso.datetime(),
});
export type OpenChange = Readonly<z.infer<typeof OpenChange>>;

/** Lambda lets no run live longer. */
const LONGEST_RUN_MS = 15 * 60_000;

/** When the run of a change has ended for certain. */
const endOf = ({ startedAt, endsAt }: Pick<JournalHeader, 'startedAt' | 'endsAt'>): Date =>
  endsAt === undefined ? new Date(new Date(startedAt).getTime() + LONGEST_RUN_MS) : new Date(endsAt);

/** Why a change is to be left alone for now: its run may be at it. */
export const stillRunningReason = (header: JournalHeader, now: Date): string | undefined =>
  header.status !== 'applying' || endOf(header) <= now
    ? undefined
    : `${header.changeId} may still be running; try again after ${endOf(header).toISOString()}.`;

/** @throws {ComplianceError} permanent `still-applying` while the run of a change may be at it */
export const assertNotRunning = (header: JournalHeader, now: Date): void => {
  const why = stillRunningReason(header, now);
  if (why !== undefined) throw permanent('still-applying', why);
};

export const indexOpenChange = async (table: Table, header: JournalHeader): Promise<void> => {
  const { changeId, executionId, resource } = header;
  const data: OpenChange = {
    changeId,
    executionId,
    resourceId: resource.resourceId,
    endsAt: endOf(header).toISOString(),
  };
  const row = { pk: keyOf(header), sk: changeId, data };
  if (await table.put({ ...row, expected: 0 })) return;
  // Begun before, and never came to a step.
  const expected = (await table.get(row.pk, row.sk))?.version ?? 0;
  await table.put({ ...row, expected });
};

export const removeOpenChange = async (
  table: Table,
  change: Pick<JournalHeader, 'accountId' | 'region' | 'command' | 'changeId'>,
): Promise<void> => {
  if (await table.remove(keyOf(change), change.changeId, 1)) return;
  const row = await table.get(keyOf(change), change.changeId);
  if (row) await table.remove(row.pk, row.sk, row.version);
};

/** The open changes by one rule; few, for they are of runs under way and of those that were killed. */
export const listOpenChanges = async (table: Table, place: RuleScope): Promise<readonly OpenChange[]> => {
  const rows = await Array.fromAsync(table.query(keyOf(place)));
  return rows.map(({ data }) => OpenChange.parse(data));
};

/** Those of one resource. */
export const listOpenChangesOf = async (table: Table, target: FixTarget): Promise<readonly OpenChange[]> =>
  (await listOpenChanges(table, target)).filter(({ resourceId }) => resourceId === target.resourceId);

type RuleScope = Omit<FixTarget, 'resourceId'>;

const keyOf = ({ accountId, region, command }: RuleScope) => `open#${accountId}#${region}#${command}`;
