import { score } from '@compliance/dashboard-data';

import { day, number, percent, plural, signed } from '../../base/format.ts';
import { pointBefore, trendPoints } from '../../charts/trend-data.ts';
import { Card } from '../../ui/card.tsx';
import { useOrganization } from '../../ui/context.ts';
import { StateBar, StateLegend } from '../../ui/state.tsx';

/** The score with its formula, and whether it is better than a month ago. */
export const Headline = () => {
  const { overview, total } = useOrganization();
  const value = score(total);
  const judged = total.compliant + total.violating + total.unknown;
  return (
    <Card title="Score" className="headline">
      <p class="score">
        {percent(value)} <Change value={value} />
      </p>
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

const Change = ({ value }: { readonly value: number | undefined }) => {
  const { overview } = useOrganization();
  const before = pointBefore(trendPoints(overview), 30);
  if (value === undefined || before?.score === undefined || before.at === overview.asOf) return null;
  const change = value - before.score;
  return (
    <span class={`change ${change < 0 ? 'bad' : change > 0 ? 'good' : ''}`}>
      {change > 0 ? '▲' : change < 0 ? '▼' : '='} {signed(change)} since {day(before.at)}
    </span>
  );
};
