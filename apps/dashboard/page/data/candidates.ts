import { countsAt, type Overview } from '@compliance/dashboard-data';

import { loadUnit } from './use-files.ts';

/** The accounts where some rules found something, most violations first. Only units with findings are loaded. */
export const accountsWithFindings = async (
  overview: Overview,
  rules: readonly number[],
): Promise<readonly number[]> => {
  const { units, rules: all, matrix, levels } = overview;
  const weightAt = (table: typeof matrix, row: number) =>
    rules.reduce((weight, rule) => weight + weightOf(countsAt(table, row * all.length + rule)), 0);
  const concerned = [...units.keys()].filter((unit) => weightAt(matrix, unit) > 0);
  // Without the level of units it is not known which of their accounts are concerned: each may be.
  if (!levels.units)
    return [...overview.accounts.unit.keys()].filter((index) =>
      concerned.includes(overview.accounts.unit[index] ?? -1),
    );
  const loaded = await Promise.all(concerned.map((unit) => loadUnit(overview, unit)));
  return loaded
    .flatMap((unit) => unit.accounts.map((account, row) => ({ account, weight: weightAt(unit.matrix, row) })))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ account }) => account);
};

/** What is not compliant. A violation outweighs what is accepted or unknown. */
const weightOf = ({ violating, exempt, excluded, unknown }: ReturnType<typeof countsAt>): number =>
  1_000 * violating + 10 * unknown + exempt + excluded;
