import { MAX_HEAD_BYTES } from '../format/head.ts';
import { headKey } from '../format/keys.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { chainProblem, linkOf } from './chain.ts';
import type { CheckedPeriod, Problem } from './check-period.ts';

/** What is wrong between a head and the one before, or its copy. */
export const linkProblem = async (
  store: ObjectStore,
  { period, stored }: CheckedPeriod,
  before: CheckedPeriod | undefined,
  copies: ObjectStore | undefined,
): Promise<Problem | undefined> => {
  if (!stored) return undefined;
  const { head, bytes } = stored;
  const problem = (what: string) => ({ period, place: store.describe(headKey(period)), what });
  if (before?.stored) {
    const what = chainProblem(stored, linkOf(before.stored));
    if (what !== undefined) return problem(what);
  } else if (head.number === 0 && head.previous !== undefined)
    return problem('It is the first head, and names one before.');
  const copy = await copies?.read(headKey(period), MAX_HEAD_BYTES);
  if (copies && !copy) return problem(`Its copy is missing: ${copies.describe(headKey(period))}.`);
  if (copy && !copy.equals(bytes)) return problem('It is another one than its copy: it was replaced.');
  return undefined;
};
