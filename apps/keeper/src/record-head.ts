import type { Table } from '@compliance/core';
import {
  headKey,
  MAX_HEAD_BYTES,
  sha256,
  signatureKey,
  type ObjectStore,
  type Problem,
  type StoredHead,
} from '@compliance/evidence';
import * as z from 'zod';

/** Where heads are recorded besides the sealed bucket: places that another identity, or another account, can read. */
export interface HeadRecords {
  readonly sealed: ObjectStore;
  readonly table: Table;
  /** Writes a line to the function's own log: each line of the audit log is an audit event. */
  readonly say: (line: object) => void;
  /** A bucket of another account. */
  readonly copies?: ObjectStore | undefined;
}

/** The partition of the heads in the state table. */
const HEADS = 'keeper#heads';

/**
 * Records a head everywhere. Doing so again changes nothing. Another head than was recorded before is a problem: who
 * deletes sealed hours would have the keeper seal others in their place.
 */
export const recordHead = async (
  { sealed, table, say, copies }: HeadRecords,
  { head, bytes }: StoredHead,
): Promise<Problem | undefined> => {
  const { period, number, keyId, formerKeyId } = head;
  if (copies)
    for (const key of [
      ...[keyId, formerKeyId].flatMap((id) => (id === undefined ? [] : signatureKey(period, id))),
      headKey(period),
    ]) {
      const content = await sealed.read(key, MAX_HEAD_BYTES);
      if (content) await copies.create(key, content);
    }
  const row = { sha256: sha256(bytes), number, keyId };
  if (await table.put({ pk: HEADS, sk: period, data: row, expected: 0 })) {
    say({ keeper: 'head', period, ...row });
    return undefined;
  }
  const known = await table.get(HEADS, period);
  const recorded = known && Recorded.parse(known.data).sha256;
  if (recorded === undefined || recorded === row.sha256) return undefined;
  const what = `It is another head than the state table has, ${recorded}: what was sealed was deleted and sealed again.`;
  return { period, place: sealed.describe(headKey(period)), what };
};

const Recorded = z.looseObject({ sha256: z.string() });
