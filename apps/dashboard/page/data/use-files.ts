import {
  accountKey,
  DashboardDataError,
  parseAccount,
  parseUnit,
  unitKey,
  type Account,
  type Overview,
  type Unit,
} from '@compliance/dashboard-data';
import { useEffect, useMemo, useState } from 'preact/hooks';

import { loadFile } from './load-file.ts';

export type Loaded<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly error: Error };

const LOADING = { status: 'loading' } as const;

/** How many files are kept: a page that stays open all day must not grow. */
const KEPT = 300;
const kept = new Map<string, Promise<unknown>>();

const cached = <T>(key: string, load: () => Promise<T>): Promise<T> => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key is always loaded by the same function.
  const known = kept.get(key) as Promise<T> | undefined;
  if (known) return known;
  const loading = load();
  kept.set(key, loading);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  // A failure is not kept: the next view tries again.
  loading.catch(() => kept.delete(key));
  return loading;
};

export const loadUnit = (overview: Overview, index: number): Promise<Unit> =>
  cached(unitKey(index), async () => {
    if (!overview.levels.units) throw leftOut('The accounts of this unit by requirement');
    return parseUnit(await loadFile(unitKey(index)), index, overview);
  });

export const loadAccount = (overview: Overview, index: number): Promise<Account> =>
  cached(accountKey(index), async () => {
    if (withFile(overview, [index]).length === 0) throw leftOut('The resources of this account');
    return parseAccount(await loadFile(accountKey(index)), index, overview);
  });

const leftOut = (what: string): DashboardDataError =>
  new DashboardDataError(
    `${what} are not in this data: it was written without them. Open the whole data with \`compliance dashboard FOLDER\`.`,
  );

/** Which of the accounts have a file in this data. */
export const withFile = ({ levels }: Overview, accounts: readonly number[]): readonly number[] => {
  if (levels.accounts === 'all') return accounts;
  const written = new Set(levels.accounts);
  return accounts.filter((account) => written.has(account));
};

/** The result of a promise, asked for again when `key` changes. */
export const useLoaded = <T>(key: string, load: () => Promise<T>): Loaded<T> => {
  const [state, setState] = useState<{ readonly key: string; readonly loaded: Loaded<T> }>();
  // Asked for at once: effects run only after the view without it was drawn.
  const loading = useMemo(() => {
    const started = load();
    started.catch(() => {});
    return started;
    // `load` is a new function each time; the key says what it loads.
  }, [key]);
  useEffect(() => {
    let isCurrent = true;
    const settle = (loaded: Loaded<T>) => isCurrent && setState({ key, loaded });
    loading.then(
      (value) => settle({ status: 'ready', value }),
      (error: unknown) =>
        settle({ status: 'failed', error: error instanceof Error ? error : new Error(String(error)) }),
    );
    return () => void (isCurrent = false);
  }, [loading]);
  return state?.key === key ? state.loaded : LOADING;
};
