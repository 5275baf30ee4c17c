import { countsAt, type Counts } from '@compliance/dashboard-data';
import { useMemo } from 'preact/hooks';

import { minute, iso } from '../base/format.ts';
import type { Column } from '../data/columns.ts';
import { accountRow, type AccountRow } from '../data/rows.ts';
import { useOrganization } from '../ui/context.ts';
import { countColumns } from '../ui/count-columns.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { AccountLink, UnitLink } from '../ui/links.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Name } from '../ui/text.tsx';

interface CountedAccount {
  readonly account: AccountRow;
  readonly counts: Counts;
}

/** Every account with its counts. */
export const AccountsView = () => {
  const { overview } = useOrganization();
  return (
    <>
      <PageHead title="Accounts" />
      <AccountTable indexes={[...overview.accounts.id.keys()]} />
    </>
  );
};

export const AccountTable = ({
  indexes,
  hideUnit = false,
}: {
  readonly indexes: readonly number[];
  readonly hideUnit?: boolean;
}) => {
  const { overview } = useOrganization();
  // Filters re-render the table, and there may be a hundred thousand accounts.
  const rows = useMemo(
    () =>
      indexes.map((index) => ({
        account: accountRow(overview, index),
        counts: countsAt(overview.accountCounts, index),
      })),
    [overview, indexes.length],
  );
  const columns = hideUnit ? WITHOUT_UNIT : COLUMNS;
  return (
    <DataTable
      caption="Accounts"
      noun="account"
      rows={rows}
      columns={columns}
      sort="-violating"
      fileName="accounts"
      empty="There is no account."
    />
  );
};

const COLUMNS: readonly Column<CountedAccount>[] = [
  {
    id: 'name',
    title: 'Account',
    value: ({ account }) => account.name,
    show: ({ account }) => <AccountLink account={account} />,
  },
  {
    id: 'id',
    title: 'Id',
    value: ({ account }) => account.id,
    show: ({ account }) => <Name mono text={account.id} />,
    isMinor: true,
  },
  {
    id: 'unit',
    title: 'Unit',
    value: ({ account }) => account.unit,
    show: ({ account }) => <UnitLink unit={account.unit} />,
    isFacet: true,
    isMinor: true,
  },
  {
    id: 'owner',
    title: 'Owner',
    value: ({ account }) => account.owner,
    show: ({ account }) => <Name text={account.owner === '' ? '–' : account.owner} />,
    isFacet: true,
  },
  ...countColumns<CountedAccount>(({ counts }) => counts),
  {
    id: 'swept',
    title: 'Last swept, UTC',
    value: ({ account }) => account.swept,
    exported: ({ account }) => (account.swept === 0 ? '' : iso(account.swept)),
    show: ({ account }) =>
      account.swept === 0 ? <b class="warning">never</b> : <span class="small">{minute(account.swept)}</span>,
    isNumber: true,
    isMinor: true,
  },
];

const WITHOUT_UNIT = COLUMNS.map((column) => (column.id === 'unit' ? { ...column, isHidden: true } : column));
