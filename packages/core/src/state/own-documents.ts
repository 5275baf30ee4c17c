import * as z from 'zod';

import { digest, type Json } from '../base/json.ts';
import type { Table } from './table.ts';

/** What a document is that nobody but us has written: it was absent before the first of our edits. */
const OwnDocument = z.object({
  /** Digests of it before and after the write that was noted last, which may have been cut off. */
  contents: z.array(z.string()),
});

/**
 * Whether a document is there by our edits alone: what is live is what we wrote last. Somebody else who wrote to it
 * meanwhile made it theirs. Asked under the document's lease.
 */
export const isOwnDocument = async (table: Table, name: string, live: Json): Promise<boolean> => {
  const row = await table.get(keyOf(name), SORT_KEY);
  return row !== undefined && OwnDocument.parse(row.data).contents.includes(digest(live));
};

/** Notes a write of such a document before it is made. */
export const recordOwnDocument = async (
  table: Table,
  name: string,
  { before, after }: { readonly before: Json | undefined; readonly after: Json },
): Promise<void> => {
  const contents = before === undefined ? [digest(after)] : [digest(before), digest(after)];
  const expected = (await table.get(keyOf(name), SORT_KEY))?.version ?? 0;
  await table.put({ pk: keyOf(name), sk: SORT_KEY, data: { contents }, expected });
};

/** The document is gone. */
export const removeOwnDocument = async (table: Table, name: string): Promise<void> => {
  const row = await table.get(keyOf(name), SORT_KEY);
  if (row) await table.remove(row.pk, row.sk, row.version);
};

const SORT_KEY = 'own';
const keyOf = (name: string) => `document#${name}`;
