import { STATES, type CountColumns } from '@compliance/dashboard-data';

import type { RuleCounts } from '../build/count-lines.ts';
import type { Catalogue } from './catalogue.ts';

/** Counts in rows of five states, in one array: millions of numbers are few bytes. */
const createMatrix = (rows: number) => {
  const values = new Uint32Array(rows * STATES.length);
  return {
    add: (row: number, { c, v, x, e, u }: RuleCounts['counts']): void => {
      for (const [state, count] of [c, v, x, e, u].entries()) {
        const at = row * STATES.length + state;
        values[at] = (values[at] ?? 0) + count;
      }
    },
    /** Violating and unknown. */
    bad: (row: number): number =>
      (values[row * STATES.length + STATES.indexOf('violating')] ?? 0) +
      (values[row * STATES.length + STATES.indexOf('unknown')] ?? 0),
    /** Some rows, as columns. */
    columns: (wanted: Iterable<number>): { [State in keyof CountColumns]: number[] } => {
      const all = [...wanted];
      const column = (state: number) => all.map((row) => values[row * STATES.length + state] ?? 0);
      return {
        compliant: column(0),
        violating: column(1),
        exempt: column(2),
        excluded: column(3),
        unknown: column(4),
      };
    },
  };
};
export type Matrix = ReturnType<typeof createMatrix>;

/** The numbers from `from`, `count` of them. */
export const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

/** The counts by account and rule, by unit and rule, and by account; and when each account was swept last. */
export const createMatrices = ({ rules, units, accounts, ruleIndex, accountIndex, unitOf }: Catalogue) => {
  const byAccountAndRule = createMatrix(accounts.length * rules.length);
  const byUnitAndRule = createMatrix(units.length * rules.length);
  const byAccount = createMatrix(accounts.length);
  const sweptAt = accounts.map(() => 0);
  return {
    add: ({ account: accountId, rule: command, counts, sweptAt: swept }: RuleCounts): void => {
      const [account, rule] = [accountIndex.get(accountId), ruleIndex.get(command)];
      if (account === undefined || rule === undefined) return;
      byAccountAndRule.add(account * rules.length + rule, counts);
      byUnitAndRule.add((unitOf[account] ?? 0) * rules.length + rule, counts);
      byAccount.add(account, counts);
      sweptAt[account] = Math.max(sweptAt[account] ?? 0, swept);
    },
    byAccountAndRule,
    byUnitAndRule,
    byAccount,
    sweptAt,
  };
};
export type Matrices = ReturnType<typeof createMatrices>;
