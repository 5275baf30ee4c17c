import type { Figure } from './figure.ts';

export interface Measured {
  readonly title: string;
  readonly figures: readonly Figure[];
  /** The reason why the measurement failed. */
  readonly failure?: string;
}

const HEADER = ['figure', 'target', 'measured', ''] as const;

/** Renders one table with a heading for each measurement. */
export const renderFigures = (results: readonly Measured[]): string => {
  const rows = results.flatMap(({ figures }) => figures.map(rowOf));
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  const sections = results.map(({ title, figures, failure }) => [
    '',
    title,
    ...figures.map(rowOf).map(line),
    ...(failure === undefined ? [] : [`  not measured: ${failure}`]),
  ]);
  return [line(HEADER), ...sections.flat(), ''].join('\n');
};

/** The missed targets and failed measurements, one sentence each. */
export const problemsIn = (results: readonly Measured[]): readonly string[] =>
  results.flatMap(({ title, figures, failure }) => [
    ...figures.flatMap(({ name, target = '', measured, ok }) =>
      ok === false ? [`Target missed: ${title}: ${name}: ${measured}, target ${target}.`] : [],
    ),
    ...(failure === undefined ? [] : [`Not measured: ${title}: ${failure}`]),
  ]);

const rowOf = ({ name, target = '', measured, ok }: Figure): readonly string[] => [
  name,
  target,
  measured,
  ok === undefined ? '' : ok ? 'ok' : 'MISSED',
];
