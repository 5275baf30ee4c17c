import { useMemo, useRef } from 'preact/hooks';

import { number, plural, shortened } from '../base/format.ts';
import { facetCounts, selectRows } from '../data/select-rows.ts';
import type { Column } from '../data/columns.ts';
import { ExportButtons } from './export-buttons.tsx';
import { Facet } from './facet.tsx';
import { Empty } from './message.tsx';
import { Name } from './text.tsx';
import { usePrinting } from './use-printing.ts';
import { useSelection, type Sort } from './use-selection.ts';
import { useVirtual } from './use-virtual.ts';

interface Props<Row> {
  /** What a screen reader calls it. */
  readonly caption: string;
  /** `finding`: of its rows. */
  readonly noun: string;
  /** Where it is not the noun with an s. */
  readonly plural?: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort;
  /** The name of its exported files. */
  readonly fileName: string;
  /** Tells apart the tables of a view in the address. */
  readonly name?: string;
  /** What is said when there are no rows at all. */
  readonly empty: string;
}

/** Fewer rows scroll with the page. */
const VIRTUAL_FROM = 120;
/** In pixels, before it is measured. */
const ROW_HEIGHT = 41;
/** What a printer gets at most; the export has all. */
const PRINTED = 1_000;

/** A table that can be searched, filtered, sorted and exported. Long ones hold only the rows that are seen. */
export const DataTable = <Row,>({
  caption: fullCaption,
  noun,
  rows,
  columns,
  sort,
  fileName,
  name = '',
  empty,
  plural: many,
}: Props<Row>) => {
  const caption = shortened(fullCaption);
  const { selection, isFiltered, setSearch, setFacet, sortBy, clear } = useSelection(name, columns, sort);
  const key = JSON.stringify([
    selection.search,
    [...selection.facets].map(([id, set]) => [id, [...set]]),
    selection.sortBy,
    selection.isDescending,
  ]);
  const selected = useMemo(() => selectRows(rows, columns, selection), [rows, columns, key]);
  const facets = useMemo(
    () =>
      columns
        .filter(({ isFacet }) => isFacet)
        .map((column) => ({ column, values: facetCounts(rows, columns, column, selection) }))
        .filter(({ column, values }) => values.length > 1 || selection.facets.has(column.id)),
    [rows, columns, key],
  );
  const shownColumns = useMemo(
    () =>
      columns.filter(
        ({ isHidden, isShownOnly, value }) =>
          !isHidden && (isShownOnly || rows.some((row) => value(row) !== '')),
      ),
    [rows, columns],
  );
  const canFilter = rows.length > FILTERED_FROM || isFiltered;
  if (rows.length === 0)
    return (
      <div class="card data-table">
        <Empty>{empty}</Empty>
      </div>
    );
  return (
    <div class="card data-table">
      <div class={canFilter ? 'toolbar' : 'toolbar bare'}>
        {canFilter && (
          <>
            <input
              type="search"
              class="find"
              placeholder={`Find in ${plural(rows.length, noun, many)}`}
              aria-label={`Find in ${caption}`}
              value={selection.search}
              onInput={({ currentTarget }) => setSearch(currentTarget.value)}
            />
            {facets.map(({ column, values }) => (
              <Facet
                key={column.id}
                title={column.title}
                values={values}
                chosen={selection.facets.get(column.id) ?? NOTHING}
                onChange={(chosen) => setFacet(column.id, chosen)}
              />
            ))}
          </>
        )}
        {isFiltered && (
          <button type="button" class="quiet" onClick={clear}>
            Clear filters
          </button>
        )}
        <ExportButtons
          rows={selected}
          columns={columns}
          fileName={fileName}
          what={plural(selected.length, noun, many)}
        />
      </div>
      {isFiltered && (
        <p class="result small" role="status">
          {number(selected.length)} of {plural(rows.length, noun, many)}
        </p>
      )}
      {selected.length === 0 ? (
        <Empty>No {noun} matches these filters.</Empty>
      ) : (
        <Rows caption={caption} rows={selected} columns={shownColumns} sorted={selection} onSort={sortBy} />
      )}
    </div>
  );
};

const NOTHING: ReadonlySet<string> = new Set();
/** Fewer rows are seen at once. */
const FILTERED_FROM = 5;

interface RowsProps<Row> {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly sorted: { readonly sortBy: string; readonly isDescending: boolean };
  readonly onSort: (column: Column<Row>) => void;
}

const Rows = <Row,>({ caption, rows, columns, sorted, onSort }: RowsProps<Row>) => {
  const scroller = useRef<HTMLDivElement>(null);
  const isPrinting = usePrinting();
  const isVirtual = rows.length > VIRTUAL_FROM && !isPrinting;
  const virtual = useVirtual(scroller, isVirtual ? rows.length : 0, ROW_HEIGHT);
  const indexes = isVirtual ? virtual.indexes : [...rows.keys()].slice(0, PRINTED);
  const title = (columns.find(({ isTitle }) => isTitle) ?? columns[0])?.id;
  return (
    <div
      class={isVirtual ? 'scroll tall' : 'scroll'}
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={caption}
    >
      {/* A phone shows rows as blocks; the roles keep it a table for a screen reader. */}
      <table role="table" aria-rowcount={rows.length + 1}>
        <caption class="hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <Heading key={column.id} column={column} sorted={sorted} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {isVirtual && <Spacer height={virtual.above} columns={columns.length} />}
          {indexes.map((index) => {
            const row = rows[index];
            return (
              row !== undefined && (
                <tr
                  key={index}
                  role="row"
                  aria-rowindex={index + 2}
                  data-index={index}
                  {...(isVirtual && { ref: virtual.measure })}
                >
                  {columns.map((column) => (
                    <td
                      key={column.id}
                      role="cell"
                      class={column.id === title ? `${cellClass(column)} title` : cellClass(column)}
                      {...(!column.isPlain && column.id !== title && { 'data-title': column.title })}
                    >
                      {column.show ? column.show(row) : shownValue(column.value(row))}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
          {isVirtual && <Spacer height={virtual.below} columns={columns.length} />}
        </tbody>
      </table>
      {isPrinting && rows.length > PRINTED && (
        <p class="small">
          The first {number(PRINTED)} of {number(rows.length)} rows. The export has all.
        </p>
      )}
    </div>
  );
};

const Spacer = ({ height, columns }: { readonly height: number; readonly columns: number }) => (
  <tr class="spacer" aria-hidden="true">
    <td colSpan={columns} style={{ height: `${height}px` }} />
  </tr>
);

const shownValue = (value: string | number) =>
  typeof value === 'number' ? number(value) : <Name text={value} />;

const cellClass = <Row,>({ isNumber, isMinor, id }: Column<Row>): string =>
  [`column-${id}`, isNumber && 'number', isMinor && 'minor'].filter(Boolean).join(' ');

interface HeadingProps<Row> extends Pick<RowsProps<Row>, 'sorted' | 'onSort'> {
  readonly column: Column<Row>;
}

const Heading = <Row,>({ column, sorted, onSort }: HeadingProps<Row>) => {
  const isSorted = sorted.sortBy === column.id;
  const direction = sorted.isDescending ? 'descending' : 'ascending';
  return (
    <th scope="col" role="columnheader" class={cellClass(column)} aria-sort={isSorted ? direction : 'none'}>
      <button type="button" class="sort" onClick={() => onSort(column)}>
        {column.title}
        {isSorted && <span aria-hidden="true">{sorted.isDescending ? '↓' : '↑'}</span>}
      </button>
    </th>
  );
};
