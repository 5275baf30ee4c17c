import { STATES, type State } from '@compliance/dashboard-data';

import { day, duration, iso } from '../base/format.ts';
import { linkTo } from '../base/route.ts';
import type { Column } from '../data/columns.ts';
import type { FindingRow } from '../data/rows.ts';
import { AccountLink, OwnerLink } from './links.tsx';
import { SeverityMark, severityRank } from './severity.tsx';
import { STATE_TITLES, StateMark } from './state.tsx';
import { Name } from './text.tsx';

/** The view of a resource. Its address names everything that identifies it. */
export const resourceLink = ({
  account,
  region,
  type,
  resource,
}: Pick<FindingRow, 'account' | 'region' | 'type' | 'resource'>): string =>
  linkTo(['resource', account.id, region, type, resource]);

const URGENCY = [
  'violating',
  'unknown',
  'exempt',
  'excluded',
  'compliant',
] as const satisfies readonly State[];

/** The columns of every table of findings. A view leaves out what all its rows have in common. */
export const findingColumns = (
  asOf: number,
  without: readonly string[] = [],
): readonly Column<FindingRow>[] =>
  ALL(asOf).map((column) => (without.includes(column.id) ? { ...column, isHidden: true } : column));

const ALL = (asOf: number): readonly Column<FindingRow>[] => [
  {
    id: 'severity',
    title: 'Severity',
    value: ({ rule }) => rule.severity,
    // Within a severity, what needs work comes first.
    rank: ({ rule, state }) => severityRank(rule.severity) * STATES.length + URGENCY.indexOf(state),
    show: ({ rule }) => <SeverityMark severity={rule.severity} />,
    isFacet: true,
    isPlain: true,
  },
  {
    id: 'state',
    title: 'State',
    value: ({ state }) => STATE_TITLES[state],
    rank: ({ state }) => URGENCY.indexOf(state),
    show: ({ state }) => <StateMark state={state} />,
    isFacet: true,
    isPlain: true,
  },
  {
    id: 'resource',
    title: 'Resource',
    value: ({ resource }) => resource,
    show: (row) => (
      <a href={resourceLink(row)}>
        <Name mono text={row.name === '' ? row.resource : row.name} />
      </a>
    ),
    isTitle: true,
  },
  { id: 'name', title: 'Name', value: ({ name }) => name, isHidden: true },
  {
    id: 'rule',
    title: 'Rule',
    value: ({ rule }) => rule.command,
    show: ({ rule }) => (
      <a href={linkTo(['rule', rule.command])} title={rule.command}>
        <Name text={rule.title} />
      </a>
    ),
    isFacet: true,
    isPlain: true,
  },
  { id: 'service', title: 'Service', value: ({ rule }) => rule.service, isFacet: true, isHidden: true },
  {
    id: 'annotation',
    title: 'What was found',
    value: ({ annotation }) => annotation,
    show: ({ annotation }) => <Name text={annotation} />,
    isMinor: true,
  },
  {
    id: 'account',
    title: 'Account',
    value: ({ account }) => account.id,
    show: ({ account }) => <AccountLink account={account} />,
    isFacet: true,
  },
  { id: 'accountName', title: 'Account name', value: ({ account }) => account.name, isHidden: true },
  { id: 'unit', title: 'Unit', value: ({ account }) => account.unit, isFacet: true, isHidden: true },
  { id: 'region', title: 'Region', value: ({ region }) => region, isFacet: true, isMinor: true },
  {
    id: 'owner',
    title: 'Owner',
    value: ({ owner }) => owner,
    show: ({ owner }) => <OwnerLink owner={owner} />,
    isFacet: true,
    isMinor: true,
  },
  { id: 'exemption', title: 'Exemption', value: ({ exemption }) => exemption, isHidden: true, isFacet: true },
  { id: 'type', title: 'Type', value: ({ type }) => type, isHidden: true },
  {
    id: 'since',
    title: 'Since',
    value: ({ since }) => since,
    exported: ({ since }) => iso(since),
    show: ({ since }) => <span title={day(since)}>{duration(asOf - since)}</span>,
    isNumber: true,
  },
];
