import * as z from 'zod';

import { digest, type Json } from '../base/json.ts';
import { updateRow, type Table } from './table.ts';

/** A document that only our edits created: it was absent before the first of them. */
const OwnDocument = z.object({
  /** Digests of the document before and after our last write, which may have been interrupted. */
  contents: z.array(z.string()),
});

/**
 * Whether only our edits created a document: the live content is what we wrote last.
 * A write by somebody else makes the document theirs. Call it under the document's lease.
 */
export const isOwnDocument = async (table: Table, name: string, live: Json): Promise<boolean> => {
  const row = await table.get(partitionOf(name), SORT_KEY);
  return row !== undefined && OwnDocument.parse(row.data).contents.includes(digest(live));
};

/** Records a write of such a document before it is made. */
export const recordOwnDocument = async (
  table: Table,
  name: string,
  { before, after }: { readonly before: Json | undefined; readonly after: Json },
): Promise<void> => {
  const contents = before === undefined ? [digest(after)] : [digest(before), digest(after)];
  await updateRow(table, { pk: partitionOf(name), sk: SORT_KEY }, () => ({ data: { contents } }));
};

/** Removes the record of a document that was deleted. */
export const removeOwnDocument = async (table: Table, name: string): Promise<void> => {
  const row = await table.get(partitionOf(name), SORT_KEY);
  if (row) await table.remove(row.pk, row.sk, row.version);
};

const SORT_KEY = 'own';
const partitionOf = (name: string) => `document#${name}`;
