import type { ComponentChildren } from 'preact';

import { day, duration, number, plural, signed } from '../../base/format.ts';
import { linkTo } from '../../base/route.ts';
import { isMonthAgo, MONTH, pointBefore, trendPoints } from '../../charts/trend-data.ts';
import { exemptionRows } from '../../data/exemptions.ts';
import { requirementState } from '../../data/organization.ts';
import { useOrganization } from '../../ui/context.ts';

/** One figure for each question that a board asks, each a link to its view. */
export const Figures = () => {
  const { overview, total, byRule } = useOrganization();
  const { remediation, timeToRemediate } = overview;
  const [framework] = overview.frameworks;
  const states = framework?.requirements.map((one) => requirementState(one, byRule)) ?? [];
  const points = trendPoints(overview);
  const before = pointBefore(points, MONTH);
  const fixed = sum(remediation.byRule.fixed) + sum(remediation.byRule.applied);
  const days = Math.round((overview.asOf - remediation.since) / 86_400);
  const exemptions = exemptionRows(overview).filter(({ status }) => status !== 'ended');
  const soon = exemptions.filter(({ status }) => status !== 'in force').length;
  return (
    <ul class="figures" aria-label="Key figures">
      {framework && (
        <Figure
          to={['framework', framework.id]}
          value={`${states.filter((state) => state === 'met').length} of ${framework.requirements.length}`}
          title="Requirements met"
          note={framework.title}
        />
      )}
      <Figure
        to={['rules']}
        value={number(total.violating)}
        title="Violating resources"
        note={
          before && isMonthAgo(before, overview)
            ? `${signed(total.violating - before.counts.violating)} since ${day(before.at)}`
            : `At most ${number(Math.max(...points.map(({ counts }) => counts.violating)))} since the record began`
        }
      />
      <Figure
        to={['remediation']}
        value={number(fixed)}
        title={`Fixed in ${days} days`}
        note={`${number(sum(remediation.byRule.failed))} failed, ${number(sum(remediation.byRule.undone))} undone`}
      />
      <Figure
        to={['remediation']}
        value={timeToRemediate.mean === undefined ? '–' : duration(timeToRemediate.mean)}
        title="Mean time to remediate"
        note={
          timeToRemediate.p90 === undefined
            ? 'Nothing was remediated yet'
            : `90 % within ${duration(timeToRemediate.p90)}`
        }
      />
      <Figure
        to={['exemptions']}
        value={number(total.exempt)}
        title="Exempt resources"
        note={
          exemptions.length === 0
            ? 'No exemption'
            : `${plural(exemptions.length, 'exemption')}, ${number(soon)} ending within 30 days`
        }
      />
    </ul>
  );
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

interface FigureProps {
  readonly to: readonly string[];
  readonly value: string;
  readonly title: string;
  readonly note: ComponentChildren;
}

const Figure = ({ to, value, title, note }: FigureProps) => (
  <li>
    <a class="card figure" href={linkTo(to)}>
      <span class="title">{title}</span>
      <b>{value}</b>
      <span class="small muted">{note}</span>
    </a>
  </li>
);
