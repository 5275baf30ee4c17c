import type { Table } from '@compliance/core';
import * as z from 'zod';

import { PartEntry, type Named } from '../format/manifest.ts';
import type { Period } from '../format/period.ts';

/** What was sealed of one unit of work. */
export const SealedUnit = z.object({
  parts: z.array(PartEntry),
  unreadable: z.object({ count: z.number(), first: z.array(z.string()) }) satisfies z.ZodType<Named>,
  duplicates: z.number(),
});
export type SealedUnit = Readonly<z.infer<typeof SealedUnit>>;

/** Which units of a period are sealed, so that the next invocation goes on with the others. */
export interface Checkpoints {
  read(period: Period): Promise<ReadonlyMap<string, SealedUnit>>;
  record(period: Period, unit: string, sealed: SealedUnit): Promise<void>;
}

const KEPT_MS = 7 * 24 * 3_600_000;

/** Keeps checkpoints in the state table for a week. */
export const tableCheckpoints = (table: Table, now: () => Date): Checkpoints => ({
  read: async (period) => {
    const rows = await Array.fromAsync(table.query(keyOf(period)));
    return new Map(rows.map(({ sk, data }) => [sk, SealedUnit.parse(data)]));
  },
  // A second keeper has sealed the same: parts are created, never replaced.
  record: async (period, unit, data) => {
    const expiresAt = new Date(now().getTime() + KEPT_MS);
    await table.put({ pk: keyOf(period), sk: unit, data, expiresAt, expected: 0 });
  },
});

const keyOf = (period: Period) => `keeper#seal#${period}`;
