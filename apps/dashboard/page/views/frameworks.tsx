import type { FrameworkRow } from '@compliance/dashboard-data';

import { linkTo } from '../base/route.ts';
import type { Column } from '../data/columns.ts';
import { requirementState, type RequirementState } from '../data/organization.ts';
import { useOrganization } from '../ui/context.ts';
import { DataTable } from '../ui/data-table.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { REQUIREMENT_TITLES } from '../ui/requirement-mark.tsx';

interface Row {
  readonly framework: FrameworkRow;
  readonly states: readonly RequirementState[];
}

const countOf = (wanted: RequirementState): Column<Row> => ({
  id: wanted,
  title: REQUIREMENT_TITLES[wanted],
  value: ({ states }) => states.filter((state) => state === wanted).length,
  isNumber: true,
  isMinor: wanted !== 'met' && wanted !== 'violating',
});

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'framework',
    title: 'Framework',
    value: ({ framework }) => framework.title,
    show: ({ framework }) => <a href={linkTo(['framework', framework.id])}>{framework.title}</a>,
  },
  {
    id: 'requirements',
    title: 'Requirements',
    value: ({ framework }) => framework.requirements.length,
    isNumber: true,
  },
  ...(['met', 'partial', 'violating', 'unknown', 'human'] as const).map(countOf),
];

/** Every version of every framework with how many of its requirements are met. */
export const FrameworksView = () => {
  const { overview, byRule } = useOrganization();
  const rows = overview.frameworks.map((framework) => ({
    framework,
    states: framework.requirements.map((requirement) => requirementState(requirement, byRule)),
  }));
  return (
    <>
      <PageHead title="Frameworks">
        <p class="muted">
          Met: every resource of the organization is as the requirement asks, and nothing remains for a
          person. One violating resource anywhere is enough to miss a requirement.
        </p>
      </PageHead>
      <DataTable
        caption="Frameworks"
        noun="framework"
        rows={rows}
        columns={COLUMNS}
        sort=""
        fileName="frameworks"
        empty="The data has no framework."
      />
    </>
  );
};
