import { score } from '@compliance/dashboard-data';

import { day, number, percent, plural, signed, since } from '../../base/format.ts';
import {
  isMonthAgo,
  lowestOf,
  MONTH,
  pointBefore,
  trendPoints,
  type TrendPoint,
} from '../../charts/trend-data.ts';
import { Card } from '../../ui/card.tsx';
import { useOrganization } from '../../ui/context.ts';
import { StateBar, StateLegend } from '../../ui/state.tsx';

/** The score with its formula, and whether it is better than a month ago. */
export const Headline = () => {
  const { overview, total } = useOrganization();
  const value = score(total);
  const points = trendPoints(overview);
  const point = pointBefore(points, MONTH);
  const before = point && isMonthAgo(point, overview) ? point : undefined;
  const judged = total.compliant + total.violating + total.unknown;
  return (
    <Card title="Score" className="headline">
      <p class="score">
        {percent(value)}{' '}
        {value !== undefined && before?.score !== undefined && (
          <Change value={value} before={before.score} at={before.at} />
        )}
      </p>
      {value !== undefined && before?.score !== undefined ? (
        <Verdict value={value} before={before.score} more={total.violating - before.counts.violating} />
      ) : (
        <NoMonth points={points} />
      )}
      <StateBar counts={total} />
      <StateLegend counts={total} />
      <p class="small muted formula">
        {number(total.compliant)} compliant ÷ {number(judged)} (compliant + violating + unknown), rounded
        down. Exempt and excluded resources stand beside it.
      </p>
      <p class="small muted">
        {plural(overview.accounts.id.length, 'account')} in {plural(overview.units.length, 'unit')},{' '}
        {plural(overview.rules.length, 'rule')}.
      </p>
      {overview.skipped > 0 && (
        <p class="small warning">
          {plural(overview.skipped, 'line')} of the ledger could not be read and are counted nowhere.
        </p>
      )}
    </Card>
  );
};

interface Compared {
  readonly value: number;
  /** Of a month ago. */
  readonly before: number;
  readonly at: number;
}

const Change = ({ value, before, at }: Compared) => {
  const change = value - before;
  return (
    <span class={`change ${change < 0 ? 'bad' : change > 0 ? 'good' : ''}`}>
      {change > 0 ? '▲' : change < 0 ? '▼' : '='} {signed(change)}{' '}
      {Math.abs(change) === 1 ? 'point' : 'points'} since {day(at)}
    </span>
  );
};

/** Whether it is better than a month ago, in a sentence. */
const Verdict = ({ value, before, more }: Pick<Compared, 'value' | 'before'> & { readonly more: number }) => (
  <p>
    <b>
      {value > before
        ? 'Better than a month ago'
        : value < before
          ? 'Worse than a month ago'
          : 'As a month ago'}
    </b>
    : {more === 0 ? 'as many' : `${number(Math.abs(more))} ${more > 0 ? 'more' : 'fewer'}`} resources violate
    a rule.
  </p>
);

/** A record that is younger than a month says what it has. */
const NoMonth = ({ points }: { readonly points: readonly TrendPoint[] }) => {
  const { asOf } = useOrganization().overview;
  const [first] = points;
  const lowest = lowestOf(points);
  return (
    <p>
      {first && first.at <= asOf - MONTH * 86_400
        ? 'The ledger has a gap a month ago, so there is nothing to compare with.'
        : `There is no month to compare with yet: the record begins ${since(first?.at ?? asOf, asOf)}.`}
      {lowest?.score !== undefined && ` The lowest score of the record was ${percent(lowest.score)}.`}
    </p>
  );
};
