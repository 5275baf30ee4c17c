import { STATES } from '@compliance/dashboard-data';

import { day, number, percent } from '../base/format.ts';
import { STATE_TITLES } from '../ui/state.tsx';
import type { Gap, TrendPoint } from './trend-data.ts';

interface Props {
  readonly points: readonly TrendPoint[];
  readonly gaps: readonly Gap[];
}

/** The trend's figures, newest first; a gap has a row of its own. */
export const TrendTable = ({ points, gaps }: Props) => {
  const rows = [
    ...points.map((point) => ({ at: point.at, point, gap: undefined })),
    ...gaps.map((gap) => ({ at: gap.from, point: undefined, gap })),
  ].toSorted((a, b) => b.at - a.at);
  return (
    <details class="as-table">
      <summary>The same as a table</summary>
      <div class="scroll tall" tabIndex={0} role="region" aria-label="Figures of the trend">
        <table>
          <caption class="hidden">Figures of the trend</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" class="number">
                Score
              </th>
              {STATES.map((state) => (
                <th key={state} scope="col" class="number">
                  {STATE_TITLES[state]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ at, point, gap }) => (
              <tr key={`${at} ${gap ? 'gap' : ''}`}>
                <th scope="row">{day(at)}</th>
                {point && <td class="number">{percent(point.score)}</td>}
                {point &&
                  STATES.map((state) => (
                    <td key={state} class="number">
                      {number(point.counts[state])}
                    </td>
                  ))}
                {gap && (
                  <td colSpan={STATES.length + 1}>
                    No record until {day(gap.to)}: {gap.reason}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
};
