import { NO_COUNTS } from '@compliance/dashboard-data';

import { day, number, signed } from '../../base/format.ts';
import { linkTo } from '../../base/route.ts';
import { Card } from '../../ui/card.tsx';
import { useOrganization } from '../../ui/context.ts';
import { RuleLink, UnitLink } from '../../ui/links.tsx';
import { Empty } from '../../ui/message.tsx';
import { SeverityMark, severityRank } from '../../ui/severity.tsx';
import { StateBar } from '../../ui/state.tsx';

const SHOWN = 8;

/** The rules with open violations, by severity and then by how many. */
export const Worst = () => {
  const { overview, byRule } = useOrganization();
  const rows = overview.rules
    .map((rule, index) => ({ rule, counts: byRule[index] ?? NO_COUNTS }))
    .filter(({ counts }) => counts.violating > 0)
    .toSorted(
      (a, b) =>
        severityRank(a.rule.severity) - severityRank(b.rule.severity) ||
        b.counts.violating - a.counts.violating,
    );
  return (
    <Card title="The worst now" more={<a href={linkTo(['rules'], { sort: 'severity' })}>All rules</a>}>
      {rows.length === 0 && <Empty>No resource violates a rule.</Empty>}
      <ol class="ranking">
        {rows.slice(0, SHOWN).map(({ rule, counts }) => (
          <li key={rule.command}>
            <SeverityMark severity={rule.severity} />
            <RuleLink rule={rule} />
            <StateBar thin counts={counts} />
            <b class="number">{number(counts.violating)}</b>
          </li>
        ))}
      </ol>
    </Card>
  );
};

/** Where more is open than a month ago. */
export const Worse = () => {
  const { overview } = useOrganization();
  const { worse, units, rules } = overview;
  const { rows } = worse;
  return (
    <Card title="What got worse" note={`Violating and unknown, compared with ${day(worse.since)}`}>
      {rows.unit.length === 0 && <Empty>Nothing got worse.</Empty>}
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
