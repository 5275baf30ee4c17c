import { useEffect, useState } from 'preact/hooks';

import { number, plural } from '../base/format.ts';
import { findingRows, type FindingRow } from '../data/rows.ts';
import { loadAccount, useLoaded, withFile } from '../data/use-files.ts';
import { useOrganization } from './context.ts';
import { DataTable } from './data-table.tsx';
import { findingColumns } from './finding-columns.tsx';
import { Loading, Ready } from './message.tsx';
import { LongText } from './text.tsx';

interface Props {
  /** Tells apart what is loaded. */
  readonly id: string;
  /** The accounts that may have rows, the most important first. */
  readonly accounts: () => Promise<readonly number[]>;
  readonly isWanted: (row: FindingRow) => boolean;
  /** Columns that all rows have in common. */
  readonly without: readonly string[];
  readonly caption: string;
  readonly fileName: string;
  readonly empty: string;
}

/** The findings of several accounts. Many accounts are loaded in steps, and the page says how many are left. */
export const FindingsOf = ({ id, accounts, ...rest }: Props) => {
  const loaded = useLoaded(`accounts of ${id}`, accounts);
  return (
    <Ready loaded={loaded} what="the accounts with findings">
      {(indexes) => <Steps key={id} indexes={indexes} {...rest} />}
    </Ready>
  );
};

/** Files of one folder are usually broken in the same way. */
const PROBLEMS = 3;

/** Accounts that are loaded at once. */
const STEP = 60;

const Steps = ({
  indexes,
  isWanted,
  without,
  caption,
  fileName,
  empty,
}: Omit<Props, 'id' | 'accounts'> & { readonly indexes: readonly number[] }) => {
  const { overview } = useOrganization();
  const there = withFile(overview, indexes);
  const [wanted, setWanted] = useState(STEP);
  const { rows, done, problems } = useRows(there.slice(0, wanted));
  const shown = rows.filter(isWanted);
  const isLoading = done < Math.min(wanted, there.length);
  const missing = indexes.length - there.length;
  if (isLoading && done === 0) return <Loading what={plural(Math.min(wanted, there.length), 'account')} />;
  return (
    <>
      {problems.length > 0 && (
        <div class="card problem" role="alert">
          <h2>The findings of {plural(problems.length, 'account')} cannot be shown</h2>
          {problems.slice(0, PROBLEMS).map((problem) => (
            <p key={problem}>
              <LongText text={problem} />
            </p>
          ))}
          {problems.length > PROBLEMS && <p>The others are like these.</p>}
        </div>
      )}
      {there.length > wanted && (
        <p class="small">
          Shown are the findings of {number(done)} of {plural(there.length, 'account')}, the most violations
          first.{' '}
          <button type="button" onClick={() => setWanted(wanted + STEP)}>
            {plural(Math.min(STEP, there.length - wanted), 'more account')}
          </button>{' '}
          <button type="button" onClick={() => setWanted(there.length)}>
            All
          </button>
        </p>
      )}
      {isLoading && <Loading what={`account ${done + 1} of ${Math.min(wanted, there.length)}`} />}
      {missing > 0 && (
        <p class="small muted">The findings of {plural(missing, 'account')} are not in this data.</p>
      )}
      <DataTable
        caption={caption}
        noun="finding"
        rows={shown}
        columns={findingColumns(overview.asOf, without)}
        sort="severity"
        fileName={fileName}
        empty={empty}
      />
    </>
  );
};

interface Rows {
  readonly rows: readonly FindingRow[];
  /** Accounts that were loaded. */
  readonly done: number;
  readonly problems: readonly string[];
}

const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

const PARALLEL = 8;

const useRows = (indexes: readonly number[]): Rows => {
  const { overview } = useOrganization();
  const [state, setState] = useState<Rows>({ rows: [], done: 0, problems: [] });
  useEffect(() => {
    const left = new AbortController();
    const load = async () => {
      let { rows, done, problems } = state;
      while (!left.signal.aborted && done < indexes.length) {
        const group = indexes.slice(done, done + PARALLEL);
        const results = await Promise.allSettled(group.map((index) => loadAccount(overview, index)));
        rows = [
          ...rows,
          ...results.flatMap((result, at) =>
            result.status === 'fulfilled' ? findingRows(overview, group[at] ?? -1, result.value) : [],
          ),
        ];
        problems = [
          ...problems,
          ...results.flatMap((result) => (result.status === 'rejected' ? [messageOf(result.reason)] : [])),
        ];
        done += group.length;
        if (!left.signal.aborted) setState({ rows, done, problems });
      }
    };
    void load();
    return () => left.abort();
  }, [indexes.length]);
  return state;
};
