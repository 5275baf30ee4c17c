import { score, STATES, type CountColumns, type Counts, type Overview } from '@compliance/dashboard-data';
import type { ComponentChildren } from 'preact';

import { number, percent, plural } from '../base/format.ts';
import { Later } from '../ui/later.tsx';
import { Empty } from '../ui/message.tsx';
import { countsInWords } from '../ui/state.tsx';

export interface HeatRow {
  readonly key: string;
  readonly title: ComponentChildren;
  readonly counts: (rules: readonly number[]) => Counts;
  readonly link: (column: HeatColumn) => string;
}

export interface HeatColumn {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly number[];
  /** The address of what it stands for. */
  readonly to: string;
}

interface Props {
  readonly caption: string;
  readonly corner: string;
  /** All rows together; it stands first. */
  readonly summary: HeatRow;
  readonly rows: readonly HeatRow[];
  readonly columns: readonly HeatColumn[];
}

/**
 * Scores as a table whose cells are shaded by score. Each cell has its number, so that the shade says nothing alone.
 * Columns without anything to judge are left out, and counted.
 */
export const HeatMap = ({ caption, corner, summary, rows, columns: all }: Props) => {
  const columns = all.filter(({ rules }) => score(summary.counts(rules)) !== undefined);
  const empty = all.length - columns.length;
  return (
    <>
      {columns.length === 0 && <Empty>Nothing is judged yet.</Empty>}
      {columns.length > 0 && (
        <Later height={`min(85vh, ${(rows.length + 2) * ROW_REM}rem)`}>
          {() => (
            <div class="scroll heat" tabIndex={0} role="region" aria-label={`${caption}, as a table`}>
              <table {...(columns.length >= WIDE && { class: 'wide' })}>
                <caption class="hidden">{caption}</caption>
                <thead>
                  <tr>
                    <th scope="col">{corner}</th>
                    {columns.map(({ id, title, to }) => (
                      <th key={id} scope="col" class="slim">
                        <a href={to} title={title}>
                          {id}
                        </a>
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {[summary, ...rows].map((row) => (
                    <tr key={row.key} {...(row === summary && { class: 'summary' })}>
                      <th scope="row">{row.title}</th>
                      {columns.map((column) => cellOf(row, column))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Later>
      )}
      <HeatLegend />
      {empty > 0 && columns.length > 0 && (
        <p class="small muted">
          {number(empty)} of {plural(all.length, 'column')} {empty === 1 ? 'has' : 'have'} nothing to judge
          and {empty === 1 ? 'is' : 'are'} left out.
        </p>
      )}
    </>
  );
};

/** No component of its own: there are thousands. */
const cellOf = (row: HeatRow, column: HeatColumn) => {
  const counts = row.counts(column.rules);
  const value = score(counts);
  return (
    <td key={column.id} class={`heat-cell ${shadeOf(value)}`}>
      <a
        href={row.link(column)}
        title={`${column.id} ${column.title}: ${percent(value)}. ${countsInWords(counts)}`}
      >
        {value ?? '–'}
      </a>
    </td>
  );
};

const shadeOf = (value: number | undefined): string => {
  if (value === undefined) return 'none';
  if (value === 100) return 'all';
  return value >= 95 ? 'most' : value >= 85 ? 'many' : value >= 70 ? 'some' : 'few';
};

/** Of a cell. */
const ROW_REM = 1.75;

/** So many columns fill the width; fewer would have cells that are too wide to be compared. */
const WIDE = 16;

/** What the shades mean, in words. */
const HeatLegend = () => (
  <ul class="legend heat-legend">
    {(
      [
        ['all', '100 %'],
        ['most', '95–99'],
        ['many', '85–94'],
        ['some', '70–84'],
        ['few', 'below 70'],
        ['none', '– nothing to judge'],
      ] as const
    ).map(([shade, text]) => (
      <li key={shade}>
        <span class={`swatch heat-cell ${shade}`} aria-hidden="true" /> {text}
      </li>
    ))}
  </ul>
);

/** A row of a matrix whose columns are rules. */
export const matrixRow =
  ({ rules }: Overview, matrix: CountColumns, row: number) =>
  (wanted: readonly number[]): Counts => {
    const counts = { compliant: 0, violating: 0, exempt: 0, excluded: 0, unknown: 0 };
    for (const state of STATES) {
      const column = matrix[state];
      for (const rule of wanted) counts[state] += column[row * rules.length + rule] ?? 0;
    }
    return counts;
  };

/** All rows of a matrix as one: to count each of hundreds of rows for each column is slow. */
export const sumRows = ({ rules }: Overview, matrix: CountColumns): CountColumns => {
  const sums = (column: readonly number[]) => {
    const sum = rules.map(() => 0);
    for (const [index, count] of column.entries()) {
      const rule = index % rules.length;
      sum[rule] = (sum[rule] ?? 0) + count;
    }
    return sum;
  };
  return {
    compliant: sums(matrix.compliant),
    violating: sums(matrix.violating),
    exempt: sums(matrix.exempt),
    excluded: sums(matrix.excluded),
    unknown: sums(matrix.unknown),
  };
};
