import type { Column } from './columns.ts';

/** What a person selected in a table, as its address says. */
export interface Selection {
  readonly search: string;
  /** Column → the values that it may have. */
  readonly facets: ReadonlyMap<string, ReadonlySet<string>>;
  readonly sortBy: string;
  readonly isDescending: boolean;
}

/** The rows that all filters let through, sorted. */
export const selectRows = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  selection: Selection,
): readonly Row[] => sortRows(filterRows(rows, columns, selection), columns, selection);

const filterRows = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { search, facets }: Selection,
  except?: string,
): readonly Row[] => {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const filters = columns.flatMap((column) => {
    const wanted = facets.get(column.id);
    return wanted && column.id !== except ? [(row: Row) => wanted.has(String(column.value(row)))] : [];
  });
  return rows.filter((row) => filters.every((passes) => passes(row)) && holdsAll(row, columns, words));
};

const holdsAll = <Row>(row: Row, columns: readonly Column<Row>[], words: readonly string[]): boolean => {
  if (words.length === 0) return true;
  const text = columns
    .map(({ value }) => value(row))
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
};

const sortRows = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { sortBy, isDescending }: Selection,
): readonly Row[] => {
  const column = columns.find(({ id }) => id === sortBy);
  if (!column) return rows;
  const key = column.rank ?? column.value;
  const direction = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => direction * compare(key(a), key(b)));
};

const collator = new Intl.Collator('en', { numeric: true });
const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));

/** The values of a facet with how many rows each would show, most first; chosen ones are there even with none. */
export const facetCounts = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  column: Column<Row>,
  selection: Selection,
): readonly (readonly [value: string, count: number])[] => {
  const counts = new Map<string, number>(
    [...(selection.facets.get(column.id) ?? [])].map((value) => [value, 0]),
  );
  for (const row of filterRows(rows, columns, selection, column.id)) {
    const value = String(column.value(row));
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].toSorted(([a, countA], [b, countB]) => countB - countA || collator.compare(a, b));
};
