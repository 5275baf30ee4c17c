import type { Overview } from '@compliance/dashboard-data';

import { stateLetter } from '../snapshot/row.ts';
import type { Finding } from './findings.ts';

interface OwnerCounts {
  open: number;
  exempt: number;
  fixed: number;
  failed: number;
  /** How many findings by account. */
  readonly accounts: Map<number, number>;
}

/** Counts by owner what is open, exempt, and was done. */
export const createOwners = () => {
  const owners = new Map<string, OwnerCounts>();
  const of = (owner: string): OwnerCounts => {
    const known = owners.get(owner) ?? {
      open: 0,
      exempt: 0,
      fixed: 0,
      failed: 0,
      accounts: new Map<number, number>(),
    };
    owners.set(owner, known);
    return known;
  };
  return {
    addFinding: ({ account, row }: Finding): void => {
      if (row.owner === undefined) return;
      const own = of(row.owner);
      const letter = stateLetter(row);
      if (letter === 'v' || letter === 'u') own.open += 1;
      if (letter === 'x') own.exempt += 1;
      own.accounts.set(account, (own.accounts.get(account) ?? 0) + 1);
    },
    addDone: ({ owner, outcome }: { readonly owner: string | undefined; readonly outcome: string }): void => {
      if (owner === undefined) return;
      if (outcome === 'fixed') of(owner).fixed += 1;
      if (outcome === 'failed') of(owner).failed += 1;
    },
    columns: (): Overview['owners'] => {
      const sorted = [...owners].toSorted(([a, x], [b, y]) => y.open - x.open || (a < b ? -1 : 1));
      const column = (name: 'open' | 'exempt' | 'fixed' | 'failed') =>
        sorted.map(([, counts]) => counts[name]);
      return {
        name: sorted.map(([name]) => name),
        open: column('open'),
        exempt: column('exempt'),
        fixed: column('fixed'),
        failed: column('failed'),
        accounts: sorted.map(([, { accounts }]) =>
          [...accounts].toSorted(([a, x], [b, y]) => y - x || a - b).map(([account]) => account),
        ),
      };
    },
  };
};
