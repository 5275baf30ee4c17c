import { explain, type Table } from '@compliance/core';
import {
  HourText,
  verifyAgain,
  type Hour,
  type ObjectStore,
  type Problem,
  type VerifiedAgain,
} from '@compliance/evidence';
import * as z from 'zod';

interface EarlierHours {
  readonly sealed: ObjectStore;
  readonly table: Table;
  /** The newest sealed hour. */
  readonly newest: Hour;
  readonly mayGoOn: () => boolean;
  /** Says what is not as it was sealed. */
  readonly sayProblem: (problem: Problem) => void;
}

/** A day with each hour that is sealed: 400 days are read again within three weeks. */
const HOURS = 24;

const ROW = { pk: 'keeper#verified', sk: 'next' };
const Position = z.object({ hour: HourText.optional() });

/**
 * Checks some of what was sealed long ago, in turn, so that an alteration is noticed without anybody's asking. What is wrong
 * is said before the next run goes on behind it.
 * @returns how many periods were checked
 */
export const verifyEarlier = async ({
  sealed,
  table,
  newest,
  mayGoOn,
  sayProblem,
}: EarlierHours): Promise<number> => {
  const [row] = await Array.fromAsync(table.query(ROW.pk));
  // A row that is none begins a round.
  const from = Position.safeParse(row?.data).data?.hour;
  let verified: VerifiedAgain;
  try {
    verified = await verifyAgain(sealed, { from, newest, hours: HOURS, mayGoOn });
  } catch (error) {
    // It is tried again: what cannot be read is not known to be whole.
    sayProblem({ period: from ?? newest, place: 'the sealed hours', what: explain(error) });
    return 0;
  }
  if (verified.problem) sayProblem(verified.problem);
  const data = verified.next === undefined ? {} : { hour: verified.next };
  // A keeper that runs at the same time has checked the same.
  await table.put({ ...ROW, data, expected: row?.version ?? 0 });
  return verified.periods;
};
