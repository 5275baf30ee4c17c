import type { Unchecked, Verification } from './run-checks.ts';

/** `58 checks passed, 1 found something, 2 could not be made everywhere` */
export const summaryOf = ({ passed, failed, unchecked }: Verification): string =>
  [
    `${passed.length} checks passed`,
    failed.length > 0 && `${failed.length} found something`,
    unchecked.length > 0 && `${unchecked.length} could not be made everywhere`,
  ]
    .filter(Boolean)
    .join(', ');

/** Each reason once, with the checks that it kept from seeing. */
export const reasonsOf = (unchecked: readonly Unchecked[]): readonly string[] => {
  const pairs = unchecked.flatMap(({ check, why }) => why.map((reason) => ({ check, reason })));
  return [...Map.groupBy(pairs, ({ reason }) => reason)].map(
    ([reason, each]) => `${reason}: ${[...new Set(each.map(({ check }) => check))].join(', ')}`,
  );
};
