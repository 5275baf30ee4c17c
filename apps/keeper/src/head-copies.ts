import { explain, type Table } from '@compliance/core';
import {
  MAX_HEAD_BYTES,
  PeriodText,
  dayOf,
  headKey,
  readHead,
  sealedPeriods,
  signatureKey,
  type ObjectStore,
  type Period,
} from '@compliance/evidence';
import * as z from 'zod';

export interface HeadCopies {
  readonly sealed: ObjectStore;
  readonly table: Table;
  /** Writes a line to the function's own log. */
  readonly say: (line: object) => void;
  /** A bucket of another account. */
  readonly copies?: ObjectStore | undefined;
}

/** From which head on copies wait. It is written before a head counts as recorded: none is skipped for good. */
const ROW = { pk: 'keeper#copies', sk: 'waiting' };
/** Where the row is none, all wait. */
const Waiting = z.object({ from: PeriodText.optional() }).catch({ from: '1970-01-01.imported' });

const readWaiting = async (table: Table) => {
  const row = await table.get(ROW.pk, ROW.sk);
  return { from: Waiting.parse(row?.data ?? {}).from, version: row?.version ?? 0 };
};

/** Notes that a head has to be copied. */
export const noteCopy = async ({ table, copies }: HeadCopies, period: Period): Promise<void> => {
  if (!copies) return;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { from, version } = await readWaiting(table);
    // The row is also written when it stays the same: a keeper that copies at the same time does not know this head.
    const data = { from: from !== undefined && from < period ? from : period };
    if (await table.put({ ...ROW, data, expected: version })) return;
  }
  throw new Error(
    `The row ${ROW.pk}, ${ROW.sk} of the state table cannot be replaced. If no keeper wrote it, delete it, and see with 'compliance ledger verify --copies' which heads still wait.`,
  );
};

/** Another keeper writes it a few times an hour. A row without a version, of somebody else, is never replaced. */
const TRIES = 10;

/**
 * Copies the heads that wait, the oldest first. A bucket that refuses them is said, and asked again by the next run: who
 * owns it must not be able to keep the keeper from sealing.
 */
export const copyHeads = async (heads: HeadCopies, mayGoOn: () => boolean): Promise<void> => {
  const { copies, say } = heads;
  if (!copies) return;
  try {
    await copyWaiting({ ...heads, copies }, mayGoOn);
  } catch (error) {
    // It follows what a run did and found, and hides none of it. The row still says what waits.
    say({ keeper: 'not-copied', place: copies.describe('heads/'), what: explain(error) });
  }
};

const copyWaiting = async (
  { sealed, table, copies, say }: HeadCopies & { readonly copies: ObjectStore },
  mayGoOn: () => boolean,
): Promise<void> => {
  const { from, version } = await readWaiting(table);
  if (from === undefined) return;
  const periods = await sealedPeriods(sealed, `${dayOf(from)}T00`);
  let next: Period | undefined;
  for (const period of periods.filter((one) => one >= from)) {
    next = period;
    if (!mayGoOn() || !(await copyHead({ sealed, copies, say }, period))) break;
    next = undefined;
  }
  // Where another keeper noted a head meanwhile, the row stays as that one wrote it.
  if (next !== from) await table.put({ ...ROW, data: { from: next }, expected: version });
};

/** @returns whether it is copied */
const copyHead = async (
  { sealed, copies, say }: Pick<HeadCopies, 'sealed' | 'say'> & { readonly copies: ObjectStore },
  period: Period,
): Promise<boolean> => {
  // What is refused may be the head itself, which somebody altered before it was copied.
  let place = sealed.describe(headKey(period));
  try {
    const { keyId, formerKeyId } = (await readHead(sealed, period))?.head ?? {};
    for (const key of [
      ...[keyId, formerKeyId].flatMap((id) => (id === undefined ? [] : signatureKey(period, id))),
      headKey(period),
    ]) {
      place = sealed.describe(key);
      const content = await sealed.read(key, MAX_HEAD_BYTES);
      place = copies.describe(key);
      if (content) await copies.create(key, content);
    }
    return true;
  } catch (error) {
    say({ keeper: 'not-copied', period, place, what: explain(error) });
    return false;
  }
};
