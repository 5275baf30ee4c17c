import { NO_COUNTS, type Counts, type RuleRow } from '@compliance/dashboard-data';

import { duration } from '../base/format.ts';
import type { Column } from '../data/columns.ts';
import { useOrganization } from '../ui/context.ts';
import { countColumns } from '../ui/count-columns.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { RuleLink } from '../ui/links.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { SeverityMark, severityRank } from '../ui/severity.tsx';

interface Row {
  readonly rule: RuleRow;
  readonly counts: Counts;
  /** Minutes, where any violation of it ended. */
  readonly mean: number | undefined;
}

export const FIX_TITLES = { safe: 'safe', impact: 'may break something', person: 'by a person' } as const;

/** Every rule with its counts. */
export const RulesView = () => {
  const { overview } = useOrganization();
  return (
    <>
      <PageHead title="Rules">
        <p class="muted">What is judged, how severe a violation is, and where the organization stands.</p>
      </PageHead>
      <RuleTable indexes={[...overview.rules.keys()]} />
    </>
  );
};

export const RuleTable = ({
  indexes,
  name = '',
}: {
  readonly indexes: readonly number[];
  readonly name?: string;
}) => {
  const { overview, byRule } = useOrganization();
  const means = new Map(
    overview.timeToRemediate.byRule.rule.map((rule, row) => [
      rule,
      overview.timeToRemediate.byRule.mean[row],
    ]),
  );
  const rows = indexes.flatMap((index) => {
    const rule = overview.rules[index];
    return rule ? [{ rule, counts: byRule[index] ?? NO_COUNTS, mean: means.get(index) }] : [];
  });
  return (
    <DataTable
      caption="Rules"
      noun="rule"
      name={name}
      rows={rows}
      columns={COLUMNS}
      sort="severity"
      fileName="rules"
      empty="The data has no rule."
    />
  );
};

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'severity',
    title: 'Severity',
    value: ({ rule }) => rule.severity,
    rank: ({ rule, counts }) => severityRank(rule.severity) * 1e9 - counts.violating,
    show: ({ rule }) => <SeverityMark severity={rule.severity} />,
    isFacet: true,
    isPlain: true,
  },
  {
    id: 'title',
    title: 'Rule',
    value: ({ rule }) => rule.title,
    show: ({ rule }) => <RuleLink rule={rule} />,
    isTitle: true,
  },
  { id: 'command', title: 'Command', value: ({ rule }) => rule.command, isHidden: true },
  { id: 'service', title: 'Service', value: ({ rule }) => rule.service, isFacet: true, isMinor: true },
  { id: 'fix', title: 'Fix', value: ({ rule }) => FIX_TITLES[rule.fix], isFacet: true, isMinor: true },
  ...countColumns<Row>(({ counts }) => counts),
  {
    id: 'meanSeconds',
    title: 'Time to remediate',
    value: ({ mean }) => mean ?? '',
    rank: ({ mean }) => mean ?? -1,
    show: ({ mean }) => (mean === undefined ? '–' : duration(mean)),
    isNumber: true,
    isMinor: true,
  },
];
