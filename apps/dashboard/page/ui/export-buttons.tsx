import { csvRow } from '@compliance/csv';

import { download } from '../base/download.ts';
import type { Column } from '../data/columns.ts';

interface Props<Row> {
  /** Exactly those that the filters let through, in their order. */
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly fileName: string;
  /** `15 findings` */
  readonly what: string;
}

/** Saves the rows of a table, as filtered and sorted, as CSV or JSON. */
export const ExportButtons = <Row,>({ rows, columns: all, fileName, what }: Props<Row>) => {
  const columns = all.filter(({ isShownOnly }) => !isShownOnly);
  const cell = ({ exported, value }: Column<Row>, row: Row) => (exported ?? value)(row);
  const saveCsv = () =>
    download(
      `${fileName}.csv`,
      'text/csv',
      // The byte order mark tells spreadsheets that it is UTF-8.
      `\uFEFF${[columns.map(({ id }) => id), ...rows.map((row) => columns.map((column) => cell(column, row)))]
        .map((cells) => `${csvRow(cells)}\r\n`)
        .join('')}`,
    );
  const saveJson = () =>
    download(
      `${fileName}.json`,
      'application/json',
      `${JSON.stringify(
        rows.map((row) => Object.fromEntries(columns.map((column) => [column.id, cell(column, row)]))),
        null,
        2,
      )}\n`,
    );
  return (
    <span class="exports">
      <span class="small muted">Export</span>
      <button type="button" title={`Save ${what} as CSV`} onClick={saveCsv}>
        CSV
      </button>
      <button type="button" title={`Save ${what} as JSON`} onClick={saveJson}>
        JSON
      </button>
    </span>
  );
};
