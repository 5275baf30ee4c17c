import type { Counts, FrameworkRow, RequirementRow } from '@compliance/dashboard-data';
import { NO_COUNTS } from '@compliance/dashboard-data';

import { linkTo } from '../base/route.ts';
import type { Column } from '../data/columns.ts';
import { requirementState, sumOf, type RequirementState } from '../data/organization.ts';
import { useOrganization } from '../ui/context.ts';
import { countColumns } from '../ui/count-columns.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { REQUIREMENT_ORDER, REQUIREMENT_TITLES, RequirementMark } from '../ui/requirement-mark.tsx';
import { NotFound } from './not-found.tsx';
import { FrameworkMap } from './organization/unit-map.tsx';

interface Row {
  readonly framework: FrameworkRow;
  readonly requirement: RequirementRow;
  readonly state: RequirementState;
  readonly counts: Counts;
}

/** A version of a framework: its requirements, and where they are met. */
export const FrameworkView = ({ id }: { readonly id: string }) => {
  const { overview, byRule } = useOrganization();
  const framework = overview.frameworks.find((one) => one.id === id);
  if (!framework) return <NotFound what={`framework '${id}'`} where="frameworks" />;
  const rows = framework.requirements.map((requirement): Row => ({
    framework,
    requirement,
    state: requirementState(requirement, byRule),
    counts: sumOf(requirement.rules.map((rule) => byRule[rule] ?? NO_COUNTS)),
  }));
  return (
    <>
      <PageHead title={framework.title} trail={[['Frameworks', ['frameworks']]]}>
        <ul class="legend">
          {REQUIREMENT_ORDER.map((state) => (
            <li key={state}>
              <b>{rows.filter((row) => row.state === state).length}</b> <RequirementMark state={state} />
            </li>
          ))}
        </ul>
      </PageHead>
      <DataTable
        caption={`Requirements of ${framework.title}`}
        noun="requirement"
        rows={rows}
        columns={COLUMNS}
        sort="id"
        fileName={framework.id}
        empty="This framework has no requirement."
      />
      <FrameworkMap framework={framework} />
    </>
  );
};

const DETECTION = { full: 'rules', partial: 'rules and a person', human: 'a person' } as const;

const COLUMNS: readonly Column<Row>[] = [
  { id: 'id', title: 'Id', value: ({ requirement }) => requirement.id, isPlain: true },
  {
    id: 'title',
    title: 'Requirement',
    value: ({ requirement }) => requirement.title,
    show: ({ framework, requirement }) => (
      <a href={linkTo(['requirement', framework.id, requirement.id])}>{requirement.title}</a>
    ),
    isTitle: true,
  },
  {
    id: 'state',
    title: 'State',
    value: ({ state }) => REQUIREMENT_TITLES[state],
    rank: ({ state }) => REQUIREMENT_ORDER.indexOf(state),
    show: ({ state }) => <RequirementMark state={state} />,
    isFacet: true,
    isPlain: true,
  },
  {
    id: 'section',
    title: 'Section',
    value: ({ requirement }) => requirement.section,
    isFacet: true,
    isHidden: true,
  },
  {
    id: 'level',
    title: 'Level',
    value: ({ requirement }) => requirement.level ?? '',
    isFacet: true,
    isNumber: true,
    isMinor: true,
  },
  {
    id: 'judged',
    title: 'Judged by',
    value: ({ requirement }) => DETECTION[requirement.detection],
    isFacet: true,
    isMinor: true,
  },
  {
    id: 'fix',
    title: 'Fix by machine',
    value: ({ requirement }) => ({ all: 'yes', some: 'in part', none: 'no' })[requirement.fix],
    isFacet: true,
    isMinor: true,
  },
  ...countColumns<Row>(({ counts }) => counts).filter(({ id }) =>
    ['score', 'violating', 'unknown', 'exempt', 'shares'].includes(id),
  ),
];
