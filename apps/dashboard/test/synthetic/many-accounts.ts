import type { Synthetic } from './organization.ts';

/** The same organization with its accounts so many times in the overview, each with an id and a name of its own. */
export const manyAccounts = (made: Synthetic, times: number): Synthetic => {
  const repeat = <T>(column: readonly T[]): T[] => Array.from({ length: times }, () => column).flat();
  const { accounts, accountCounts } = made.overview;
  return {
    ...made,
    overview: {
      ...made.overview,
      accounts: {
        id: repeat(accounts.id).map((_, index) => String(200_000_000_000 + index)),
        name: repeat(accounts.name).map((name, index) => `${name}-${index}`),
        unit: repeat(accounts.unit),
        owner: repeat(accounts.owner),
        swept: repeat(accounts.swept),
      },
      accountCounts: {
        compliant: repeat(accountCounts.compliant),
        violating: repeat(accountCounts.violating),
        exempt: repeat(accountCounts.exempt),
        excluded: repeat(accountCounts.excluded),
        unknown: repeat(accountCounts.unknown),
      },
    },
  };
};
