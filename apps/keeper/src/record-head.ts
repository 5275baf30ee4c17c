import { explain } from '@compliance/core';
import {
  checkManifest,
  headKey,
  manifestKey,
  sha256,
  type Problem,
  type StoredHead,
} from '@compliance/evidence';
import * as z from 'zod';

import { noteCopy, type HeadCopies } from './head-copies.ts';
import { verifyHour } from './verify-hour.ts';

/** Where heads are recorded besides the sealed bucket: places that another identity, or another account, can read. */
export interface HeadRecords extends HeadCopies {
  /** Says what is not as it was sealed. */
  readonly sayProblem: (problem: Problem) => void;
}

/** The partition of the heads in the state table. */
const HEADS = 'keeper#heads';

/**
 * Says what is in a period and what is wrong with it, then records its head. The row in the state table comes last: as long
 * as it is not there, a later run says all of it again. Another head than was recorded before is a problem: who deletes
 * sealed hours would have the keeper seal others in their place.
 */
export const recordHead = async (records: HeadRecords, stored: StoredHead): Promise<void> => {
  const { sealed, table, sayProblem } = records;
  const { period, number, keyId } = stored.head;
  const data = { sha256: sha256(stored.bytes), number, keyId };
  const known = await table.get(HEADS, period);
  if (!known) {
    await sayHead(records, stored);
    await noteCopy(records, period);
    // A keeper that runs at the same time has said and recorded the same.
    await table.put({ pk: HEADS, sk: period, data, expected: 0 });
    return;
  }
  const recorded = Recorded.safeParse(known.data).data?.sha256;
  if (recorded === data.sha256) return;
  const what = `It is another head than the state table has, ${recorded ?? 'whose row is none'}: what was sealed was deleted and sealed again.`;
  sayProblem({ period, place: sealed.describe(headKey(period)), what });
};

const Recorded = z.looseObject({ sha256: z.string() });

const sayHead = async ({ sealed, say, sayProblem }: HeadRecords, stored: StoredHead): Promise<void> => {
  const { period, number, keyId, lines } = stored.head;
  const head = { keeper: 'head', period, sha256: sha256(stored.bytes), number, keyId, lines };
  try {
    const { unreadable, foreign } = await checkManifest(sealed, stored);
    say({ ...head, leftOut: unreadable.count + foreign.count });
  } catch (error) {
    say(head);
    sayProblem({ period, place: sealed.describe(manifestKey(period)), what: explain(error) });
  }
  const problem = await verifyHour(sealed, stored.head);
  if (problem) sayProblem(problem);
};
