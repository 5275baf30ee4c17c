import { fromField } from '../src/base/field.ts';
import { parseRow, rowId, stateLetter, type Row } from '../src/snapshot/row.ts';

const toRow = (place: string, type: string, id: string, row: Row) => ({
  place: place.split('\t').map(fromField).join(' '),
  type: fromField(type),
  resource: fromField(id),
  state: stateLetter(row),
  since: new Date(row.since).toISOString(),
  annotation: row.annotation,
  owner: row.owner,
  exemption: row.exemption,
  failed: row.failed && { message: row.failed.message, since: row.failed.since },
});
export type ShownRow = ReturnType<typeof toRow>;

/** The rows that a snapshot's lines show, without what is gone. */
export const rowsIn = (lines: readonly string[]): readonly ShownRow[] => {
  let place = '';
  let type = '';
  return lines.flatMap((line) => {
    if (line.startsWith('@')) place = line.slice(1, line.lastIndexOf('\t'));
    else if (line.startsWith('#')) type = line.slice(1);
    else if (!line.startsWith('g')) return [toRow(place, type, rowId(line), parseRow(line))];
    return [];
  });
};
