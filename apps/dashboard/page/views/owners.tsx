import { linkTo } from '../base/route.ts';
import type { Column } from '../data/columns.ts';
import { useOrganization } from '../ui/context.ts';
import { DataTable } from '../ui/data-table.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Name } from '../ui/text.tsx';

interface Row {
  readonly name: string;
  readonly open: number;
  readonly exempt: number;
  readonly fixed: number;
  readonly failed: number;
  readonly accounts: number;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'owner',
    title: 'Owner',
    value: ({ name }) => name,
    show: ({ name }) => (
      <a href={linkTo(['owner', name])}>
        <Name text={name} />
      </a>
    ),
  },
  { id: 'open', title: 'Open', value: ({ open }) => open, isNumber: true },
  { id: 'exempt', title: 'Exempt', value: ({ exempt }) => exempt, isNumber: true },
  { id: 'fixed', title: 'Fixed for them', value: ({ fixed }) => fixed, isNumber: true },
  { id: 'failed', title: 'Failed', value: ({ failed }) => failed, isNumber: true },
  { id: 'accounts', title: 'Accounts', value: ({ accounts }) => accounts, isNumber: true, isMinor: true },
];

/** Whose the findings are, and what was done for them. */
export const OwnersView = () => {
  const { owners } = useOrganization().overview;
  const rows = owners.name.map((name, row) => ({
    name,
    open: owners.open[row] ?? 0,
    exempt: owners.exempt[row] ?? 0,
    fixed: owners.fixed[row] ?? 0,
    failed: owners.failed[row] ?? 0,
    accounts: owners.accounts[row]?.length ?? 0,
  }));
  return (
    <>
      <PageHead title="Owners">
        <p class="muted">Open: violating and unknown now. Fixed for them: within 90 days.</p>
      </PageHead>
      <DataTable
        caption="Owners"
        noun="owner"
        rows={rows}
        columns={COLUMNS}
        sort="-open"
        fileName="owners"
        empty="No finding has an owner. A tag of the resource, an account's owner in the settings or its security contact names one."
      />
    </>
  );
};
