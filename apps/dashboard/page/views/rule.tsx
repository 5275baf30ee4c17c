import { countsAt, NO_COUNTS, type Counts } from '@compliance/dashboard-data';

import { linkTo } from '../base/route.ts';
import { accountsWithFindings } from '../data/candidates.ts';
import type { Column } from '../data/columns.ts';
import { Card } from '../ui/card.tsx';
import { useOrganization } from '../ui/context.ts';
import { countColumns } from '../ui/count-columns.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Facts } from '../ui/facts.tsx';
import { FindingsOf } from '../ui/findings-of.tsx';
import { UnitLink } from '../ui/links.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { SeverityMark } from '../ui/severity.tsx';
import { StateBar, StateLegend } from '../ui/state.tsx';
import { NotFound } from './not-found.tsx';
import { FIX_TITLES } from './rules.tsx';

interface UnitRow {
  readonly unit: string;
  readonly counts: Counts;
}

const UNIT_COLUMNS: readonly Column<UnitRow>[] = [
  {
    id: 'unit',
    title: 'Unit',
    value: ({ unit }) => unit,
    show: ({ unit }) => <UnitLink unit={unit} />,
  },
  ...countColumns<UnitRow>(({ counts }) => counts),
];

/** A rule: what it asks for and why, where it is violated, and by which resources. */
export const RuleView = ({ command }: { readonly command: string }) => {
  const { overview, byRule } = useOrganization();
  const index = overview.rules.findIndex((one) => one.command === command);
  const rule = overview.rules[index];
  if (!rule) return <NotFound what={`rule '${command}'`} where="rules" />;
  const counts = byRule[index] ?? NO_COUNTS;
  const units = overview.units
    .map((unit, row) => ({ unit, counts: countsAt(overview.matrix, row * overview.rules.length + index) }))
    .filter((row) => Object.values(row.counts).some((count) => count > 0));
  return (
    <>
      <PageHead title={rule.title} trail={[['Rules', ['rules']]]}>
        <Facts
          facts={[
            ['Command', <code>{rule.command}</code>],
            ['Severity', <SeverityMark severity={rule.severity} />],
            ['Resource type', <code>{rule.resourceType}</code>],
            ['Fix', FIX_TITLES[rule.fix]],
            ['Why', rule.rationale],
            ['What a fix may break', rule.impact],
            ['What a person does', rule.guidance],
            ['Requirements', <Controls controls={rule.controls} />],
          ]}
        />
      </PageHead>
      <Card title="Organization">
        <StateBar counts={counts} />
        <StateLegend counts={counts} />
      </Card>
      <h2>Resources</h2>
      <FindingsOf
        id={`rule ${command}`}
        accounts={() => accountsWithFindings(overview, [index])}
        isWanted={(row) => row.rule.command === command}
        without={['severity', 'rule', 'service']}
        caption={`Findings of ${rule.command}`}
        fileName={rule.command}
        empty="No resource violates this rule, and none is exempt, excluded or unknown."
      />
      <h2>Units</h2>
      <DataTable
        caption={`${rule.command} by unit`}
        noun="unit"
        name="unit"
        rows={units}
        columns={UNIT_COLUMNS}
        sort="-violating"
        fileName={`${rule.command}-by-unit`}
        empty="The rule has judged nothing yet."
      />
    </>
  );
};

/** The requirements that it answers, in frameworks that the data has. */
const Controls = ({ controls }: { readonly controls: Readonly<Record<string, readonly string[]>> }) => {
  const { frameworks } = useOrganization().overview;
  const known = frameworks.filter(({ id }) => (controls[id] ?? []).length > 0).slice(0, 3);
  if (known.length === 0) return <>none</>;
  return (
    <>
      {known.map(({ id }, row) => (
        <span key={id}>
          {row > 0 && ' · '}
          {id}{' '}
          {(controls[id] ?? []).map((requirement, position) => (
            <span key={requirement}>
              {position > 0 && ', '}
              <a href={linkTo(['requirement', id, requirement])}>{requirement}</a>
            </span>
          ))}
        </span>
      ))}
    </>
  );
};
