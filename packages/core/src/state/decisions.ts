import * as z from 'zod';

import { pendingAttributes, type Stored } from './outbox.ts';
import { Decision } from './plan-record.ts';
import type { Table } from './table.ts';

/**
 * What became of a plan, in a row that only the remediation function may write.
 * The function that plans can thus neither approve nor reopen what a person decided.
 */
const StoredDecision = z.object({
  planId: z.string(),
  /** The opening of the plan that was decided. A plan that is opened again needs a new decision. */
  round: z.number(),
  status: z.enum(['approved', 'rejected', 'applied', 'superseded']),
  /** When the plan expires, as it was shown when it was decided. */
  expiresAt: z.iso.datetime(),
  decision: Decision.optional(),
  /** The digest of what the person was shown. */
  shown: z.string().optional(),
  /** The change that applied the plan, or the plan that superseded it. */
  successor: z.string().optional(),
  /** The newest event of the plan: the cause of the next one. */
  lastEventId: z.string().optional(),
  pendingEvents: pendingAttributes.pendingEvents,
});
export type StoredDecision = Readonly<z.infer<typeof StoredDecision>>;

const PARTITION = 'decision';

export const readDecision = async (
  table: Table,
  planId: string,
): Promise<Stored<StoredDecision> | undefined> => {
  const row = await table.get(PARTITION, planId);
  return row && { ...row, data: StoredDecision.parse(row.data) };
};

/** Every stored decision, by plan. */
export const readDecisions = async (table: Table): Promise<ReadonlyMap<string, Stored<StoredDecision>>> => {
  const rows = await Array.fromAsync(table.query(PARTITION));
  return new Map(rows.map((row) => [row.sk, { ...row, data: StoredDecision.parse(row.data) }]));
};

/** The row as it was written; `undefined` when another writer was first. */
export const replaceDecision = async (
  table: Table,
  data: StoredDecision,
  { expected, expiresAt }: { readonly expected: number; readonly expiresAt: Date },
): Promise<Stored<StoredDecision> | undefined> => {
  const row = { pk: PARTITION, sk: data.planId, expiresAt };
  return (await table.put({ ...row, data, expected })) ? { ...row, data, version: expected + 1 } : undefined;
};
