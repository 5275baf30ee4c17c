import { day, iso, number, plural } from '../base/format.ts';
import type { Column } from '../data/columns.ts';
import { exemptionRows, type ExemptionRow } from '../data/exemptions.ts';
import { useOrganization } from '../ui/context.ts';
import { DataTable } from '../ui/data-table.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Tiles } from '../ui/tiles.tsx';
import { OwnerLink, RuleLink } from '../ui/links.tsx';
import { Name } from '../ui/text.tsx';

/** What is accepted: how much, until when, why, and who approved it. */
export const ExemptionsView = () => {
  const { overview, total } = useOrganization();
  const rows = exemptionRows(overview);
  const count = (status: ExemptionRow['status']) => rows.filter((row) => row.status === status).length;
  const approvers = new Set(
    rows
      .filter(({ status, approver }) => status !== 'ended' && approver !== '')
      .map(({ approver }) => approver),
  );
  return (
    <>
      <PageHead title="Exemptions">
        <p class="muted">
          Violations that are accepted until a date. They stand beside the score, never in it.
        </p>
      </PageHead>
      <Tiles
        tiles={[
          ['Exempt resources', number(total.exempt), 'accepted now'],
          [
            'In force',
            number(count('in force') + count('ending within 30 days')),
            approvers.size === 0
              ? 'who approved is not known'
              : `approved by ${plural(approvers.size, 'person', 'people')}`,
          ],
          ['Ending within 30 days', number(count('ending within 30 days')), 'then they count as violating'],
          ['Ended', number(count('ended')), 'within the last 90 days'],
        ]}
      />
      <DataTable
        caption="Exemptions"
        noun="exemption"
        rows={rows}
        columns={EXEMPTION_COLUMNS}
        sort="expires"
        fileName="exemptions"
        empty="Nothing is exempt."
      />
    </>
  );
};

export const EXEMPTION_COLUMNS: readonly Column<ExemptionRow>[] = [
  { id: 'id', title: 'Exemption', value: ({ id }) => id, show: ({ id }) => <Name mono text={id} /> },
  {
    id: 'status',
    title: 'Status',
    value: ({ status }) => status,
    isFacet: true,
    isHidden: true,
  },
  {
    id: 'expires',
    title: 'Until',
    value: ({ expires }) => expires,
    exported: ({ expires }) => iso(expires),
    show: ({ expires, status }) => (
      <span class="two-lines">
        {day(expires)}
        <b class={`small ${status === 'ended' ? 'bad' : status === 'in force' ? 'muted' : 'exempt'}`}>
          {status}
        </b>
      </span>
    ),
  },
  { id: 'count', title: 'Covers now', value: ({ count }) => count, isNumber: true },
  {
    id: 'reason',
    title: 'Reason',
    value: ({ reason }) => reason,
    show: ({ reason }) => <Name text={reason} />,
  },
  {
    id: 'rules',
    title: 'Of what',
    value: ({ rules }) => (rules.length === 0 ? 'every rule' : rules.join(', ')),
    show: ({ rules, scope }) => (
      <span class="two-lines">
        <Rules commands={rules} />
        <span class="small muted">
          <Name text={scope} />
        </span>
      </span>
    ),
    isMinor: true,
  },
  { id: 'scope', title: 'Scope', value: ({ scope }) => scope, isHidden: true },
  {
    id: 'owner',
    title: 'Owner',
    value: ({ owner }) => owner,
    show: ({ owner }) => <OwnerLink owner={owner} />,
    isFacet: true,
    isMinor: true,
  },
  {
    id: 'approver',
    title: 'Approved by',
    value: ({ approver }) => approver,
    show: ({ approver }) => <Name text={approver} />,
    isFacet: true,
  },
  {
    id: 'ticket',
    title: 'Ticket',
    value: ({ ticket }) => ticket,
    show: ({ ticket }) => <Name text={ticket} />,
    isMinor: true,
  },
];

const Rules = ({ commands: [first, ...others] }: { readonly commands: readonly string[] }) => {
  const { overview } = useOrganization();
  const rule = overview.rules.find(({ command }) => command === first);
  if (rule === undefined) return <span>every rule</span>;
  return (
    <span title={[first, ...others].join(', ')}>
      <RuleLink rule={rule} />
      {others.length > 0 && <span class="small muted"> and {others.length} more</span>}
    </span>
  );
};
