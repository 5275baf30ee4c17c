import { countsAt, NO_COUNTS } from '@compliance/dashboard-data';

import { number, plural, signed, since } from '../../base/format.ts';
import { linkTo } from '../../base/route.ts';
import { Card } from '../../ui/card.tsx';
import { useOrganization } from '../../ui/context.ts';
import { RuleLink, UnitLink } from '../../ui/links.tsx';
import { Empty } from '../../ui/message.tsx';
import { SeverityMark, severityRank } from '../../ui/severity.tsx';
import { SHOWN } from './shown.ts';

/** The rules with open violations, by severity and then by how many, and in which unit the most of them are. */
export const Worst = () => {
  const { overview, byRule } = useOrganization();
  const { rules, units, matrix } = overview;
  const rows = rules
    .map((rule, index) => ({ rule, index, violating: (byRule[index] ?? NO_COUNTS).violating }))
    .filter(({ violating }) => violating > 0)
    .toSorted(
      (a, b) => severityRank(a.rule.severity) - severityRank(b.rule.severity) || b.violating - a.violating,
    );
  const mostIn = (rule: number) => {
    const byUnit = units
      .map((unit, row) => ({ unit, violating: countsAt(matrix, row * rules.length + rule).violating }))
      .filter(({ violating }) => violating > 0);
    return {
      concerned: byUnit.length,
      most: byUnit.reduce((most, one) => (one.violating > most.violating ? one : most)),
    };
  };
  return (
    <Card
      title="The worst now"
      note="The most severe violations first, then the most resources"
      more={
        <a href={linkTo(['rules'], { sort: 'severity' })}>
          {rows.length === 0 ? 'All rules' : plural(rows.length, 'violated rule')}
        </a>
      }
    >
      {rows.length === 0 && <Empty>No resource violates a rule.</Empty>}
      <ol class="ranking">
        {rows.slice(0, SHOWN).map(({ rule, index, violating }) => {
          const { concerned, most } = mostIn(index);
          return (
            <li key={rule.command}>
              <SeverityMark severity={rule.severity} />
              <span class="two-lines">
                <RuleLink rule={rule} />
                <span class="small muted">
                  {concerned > 1 && `${plural(concerned, 'unit')}, ${number(most.violating)} of them `}in{' '}
                  <UnitLink unit={most.unit} />
                </span>
              </span>
              <span class="small number">
                <b>{number(violating)}</b> {violating === 1 ? 'resource' : 'resources'}
              </span>
            </li>
          );
        })}
      </ol>
    </Card>
  );
};

/** Where more is open than a month ago. */
export const Worse = () => {
  const { overview } = useOrganization();
  const { worse, units, rules } = overview;
  const { rows } = worse;
  // Without a former snapshot, it is compared with itself.
  const isCompared = worse.since < overview.asOf;
  return (
    <Card
      title="What got worse"
      note={isCompared ? `Violating and unknown, compared with ${since(worse.since, overview.asOf)}` : ''}
    >
      {rows.unit.length === 0 && (
        <Empty>
          {isCompared ? 'Nothing got worse.' : 'There is no former snapshot to compare with yet.'}
        </Empty>
      )}
      <ol class="ranking">
        {rows.unit.slice(0, SHOWN).map((unit, row) => {
          const rule = rules[rows.rule[row] ?? -1];
          const [before = 0, now = 0] = [rows.before[row], rows.now[row]];
          return (
            rule && (
              <li key={row}>
                <b class="number bad">{signed(now - before)}</b>
                <span class="two-lines">
                  <RuleLink rule={rule} />
                  <UnitLink isMinor unit={units[unit] ?? ''} />
                </span>
                <span class="small muted number">
                  {number(before)} → {number(now)}
                </span>
              </li>
            )
          );
        })}
      </ol>
    </Card>
  );
};
