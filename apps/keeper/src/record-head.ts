import type { Table } from '@compliance/core';
import {
  headKey,
  MAX_HEAD_BYTES,
  sha256,
  signatureKey,
  type ObjectStore,
  type StoredHead,
} from '@compliance/evidence';

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

/** Records a head everywhere. Doing so again changes nothing. */
export const recordHead = async (
  { sealed, table, say, copies }: HeadRecords,
  { head, bytes }: StoredHead,
): Promise<void> => {
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
  const isNew = await table.put({ pk: HEADS, sk: period, data: row, expected: 0 });
  if (isNew) say({ keeper: 'head', period, ...row });
};
