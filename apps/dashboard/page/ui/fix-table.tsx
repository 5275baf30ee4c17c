import { day, instant, iso } from '../base/format.ts';
import { linkTo } from '../base/route.ts';
import type { Column } from '../data/columns.ts';
import { OUTCOME_TITLES, type FixRow } from '../data/fixes.ts';
import { DataTable } from './data-table.tsx';
import { AccountLink, RuleLink } from './links.tsx';
import { Name } from './text.tsx';

interface Props {
  readonly rows: readonly FixRow[];
  readonly name: string;
  readonly empty: string;
}

/** Fixes with their outcome, who approved them, and the id that undoes them. */
export const FixTable = ({ rows, name, empty }: Props) => (
  <DataTable
    caption="Fixes"
    noun="fix"
    plural="fixes"
    name={name}
    rows={rows}
    columns={COLUMNS}
    sort="-time"
    fileName="fixes"
    empty={empty}
  />
);

const BAD = ['failed', 'undo-failed'];

const COLUMNS: readonly Column<FixRow>[] = [
  {
    id: 'time',
    title: 'When',
    value: ({ time }) => time,
    exported: ({ time }) => iso(time),
    show: ({ time }) => <span title={instant(time)}>{day(time)}</span>,
    isPlain: true,
  },
  {
    id: 'outcome',
    title: 'Outcome',
    value: ({ outcome }) => OUTCOME_TITLES[outcome],
    show: ({ outcome }) => (
      <b class={outcome === 'fixed' ? 'good' : BAD.includes(outcome) ? 'bad' : ''}>
        {OUTCOME_TITLES[outcome]}
      </b>
    ),
    isFacet: true,
    isPlain: true,
  },
  {
    id: 'resource',
    title: 'Resource',
    value: ({ resource }) => resource,
    show: ({ resource, account, region, rule }) => (
      <a href={linkTo(['resource', account.id, region, rule.resourceType, resource])}>
        <Name mono text={resource} />
      </a>
    ),
    isTitle: true,
  },
  {
    id: 'rule',
    title: 'Rule',
    value: ({ rule }) => rule.command,
    show: ({ rule }) => <RuleLink rule={rule} />,
    isFacet: true,
    isPlain: true,
  },
  {
    id: 'text',
    title: 'What changed',
    value: ({ text }) => text,
    show: ({ text }) => <Name text={text} />,
    isMinor: true,
  },
  {
    id: 'account',
    title: 'Account',
    value: ({ account }) => account.name,
    show: ({ account }) => <AccountLink account={account} />,
    isFacet: true,
    isMinor: true,
  },
  {
    id: 'actor',
    title: 'Approved by',
    value: ({ actor }) => actor,
    show: ({ actor }) => <Name text={actor === '' ? 'by itself' : (actor.split('/').at(-1) ?? actor)} />,
    isFacet: true,
    isMinor: true,
  },
  { id: 'owner', title: 'Owner', value: ({ owner }) => owner, isFacet: true, isHidden: true },
  { id: 'region', title: 'Region', value: ({ region }) => region, isHidden: true },
  { id: 'change', title: 'Change', value: ({ change }) => change, isHidden: true },
];
