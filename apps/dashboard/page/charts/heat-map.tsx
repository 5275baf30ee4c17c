import { countsAt, score, STATES, type Counts, type Overview } from '@compliance/dashboard-data';
import type { ComponentChildren } from 'preact';

import { percent } from '../base/format.ts';
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
}

interface Props {
  readonly caption: string;
  readonly corner: string;
  readonly rows: readonly HeatRow[];
  readonly columns: readonly HeatColumn[];
}

/** Scores as a table whose cells are shaded by score. Each cell has its number, so that the shade says nothing alone. */
export const HeatMap = ({ caption, corner, rows, columns }: Props) => (
  <div class="scroll heat" tabIndex={0} role="region" aria-label={`${caption}, as a table`}>
    <table>
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{corner}</th>
          {columns.map(({ id, title }) => (
            <th key={id} scope="col" class="slim" title={title}>
              {id}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.title}</th>
            {columns.map((column) => (
              <Cell
                key={column.id}
                counts={row.counts(column.rules)}
                column={column}
                link={row.link(column)}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const Cell = ({
  counts,
  column,
  link,
}: {
  readonly counts: Counts;
  readonly column: HeatColumn;
  readonly link: string;
}) => {
  const value = score(counts);
  return (
    <td class={`heat-cell ${shadeOf(value)}`}>
      <a href={link} title={`${column.id} ${column.title}: ${percent(value)}. ${countsInWords(counts)}`}>
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

/** What the shades mean, in words. */
export const HeatLegend = () => (
  <ul class="legend heat-legend">
    {(
      [
        ['all', '100'],
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
  ({ rules }: Overview, matrix: Parameters<typeof countsAt>[0], row: number) =>
  (wanted: readonly number[]): Counts => {
    const counts = { compliant: 0, violating: 0, exempt: 0, excluded: 0, unknown: 0 };
    for (const rule of wanted) {
      const cell = countsAt(matrix, row * rules.length + rule);
      for (const state of STATES) counts[state] += cell[state];
    }
    return counts;
  };
