import type { IncompleteCheck, CheckResults } from './run-checks.ts';

/** Counts the results: `58 checks passed, 1 failed, 2 could not run everywhere`. */
export const summarize = ({ passed, failed, unchecked }: CheckResults): string =>
  [
    `${passed.length} checks passed`,
    failed.length > 0 && `${failed.length} failed`,
    unchecked.length > 0 && `${unchecked.length} could not run everywhere`,
  ]
    .filter(Boolean)
    .join(', ');

/** Each reason why a check is incomplete, with the checks it affects. */
export const describeIncomplete = (unchecked: readonly IncompleteCheck[]): readonly string[] => {
  const pairs = unchecked.flatMap(({ check, why }) => why.map((reason) => ({ check, reason })));
  return [...Map.groupBy(pairs, ({ reason }) => reason)].map(
    ([reason, each]) => `${reason}: ${[...new Set(each.map(({ check }) => check))].join(', ')}`,
  );
};
