import { rename } from 'node:fs/promises';
import { join } from 'node:path';

import {
  VERDICTS_KEY,
  VERDICT_COLUMNS,
  VERDICT_GROUP_ROWS,
  type VerdictColumn,
} from '@compliance/dashboard-data';
import { ParquetWriter, fileWriter, schemaFromColumnData } from 'hyparquet-writer';

import { fromField } from '../base/field.ts';
import { readTexts } from '../base/lines.ts';
import { createLineSorter } from '../base/sort-lines.ts';
import { placesOf, rowLinesOf } from '../merge/place.ts';
import type { Manifest } from '../snapshot/manifest.ts';
import { parseRow, rowId, stateLetter } from '../snapshot/row.ts';
import { STATE_NAMES, annotationOf } from './findings.ts';
import { toSeconds } from './texts.ts';

/**
 * Writes every verdict, sorted by resource, so that a reader finds a resource of any account by few requests.
 * Memory holds a group of rows.
 */
export const writeVerdicts = async (state: string, manifest: Manifest, out: string): Promise<void> => {
  const folder = join(state, manifest.folder);
  const sorter = createLineSorter(join(folder, 'sorting-verdicts'));
  for await (const places of placesOf(readTexts(folder, manifest.rows)))
    for (const place of places) {
      let type = '';
      for (const line of rowLinesOf(place))
        if (line.startsWith('#')) type = line.slice(1);
        else if (!line.startsWith('g'))
          sorter.add(`${sortable(rowId(line))}\t${place.key}\t${type}\t${line}`);
      const writing = sorter.flushWhenFull();
      if (writing) await writing;
    }

  const draft = join(out, `${VERDICTS_KEY}.draft`);
  const writer = new ParquetWriter({ writer: fileWriter(draft), schema: SCHEMA });
  let group: string[] = [];
  const flush = async (): Promise<void> => {
    if (group.length === 0) return;
    await writer.write({ columnData: columnsOf(group), rowGroupSize: VERDICT_GROUP_ROWS });
    group = [];
  };
  for await (const lines of sorter.sorted())
    for (const line of lines) {
      group.push(line);
      if (group.length === VERDICT_GROUP_ROWS) await flush();
    }
  await flush();
  await writer.finish();
  await rename(draft, join(out, VERDICTS_KEY));
};

/** How many rows the file has. */
export const verdictsIn = ({ totals: { c, v, x, e, u } }: Manifest): number => c + v + x + e + u;

/** A text whose characters are the UTF-8 bytes of another one: it sorts like them. */
const sortable = (field: string): string => Buffer.from(field, 'utf8').toString('latin1');

const columnsOf = (lines: readonly string[]) => {
  const columns = new Map<VerdictColumn, (string | bigint)[]>(VERDICT_COLUMNS.map(({ name }) => [name, []]));
  for (const line of lines)
    for (const [name, value] of Object.entries(valuesOf(line)))
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of VerdictValues.
      columns.get(name as VerdictColumn)?.push(value);
  return VERDICT_COLUMNS.map(({ name, type }) => ({
    name,
    type,
    data: columns.get(name) ?? [],
    nullable: false,
  }));
};

type VerdictValues = Readonly<Record<VerdictColumn, string | bigint>>;

const valuesOf = (line: string): VerdictValues => {
  const [, account = '', rule = '', region = '', type = '', ...rest] = line.split('\t');
  const rowText = rest.join('\t');
  const row = parseRow(rowText);
  return {
    resource: fromField(rowId(rowText)),
    name: row.name ?? '',
    type: fromField(type),
    account: fromField(account),
    region: fromField(region),
    rule: fromField(rule),
    state: STATE_NAMES[stateLetter(row)] ?? '',
    since: BigInt(toSeconds(row.failed?.since ?? row.since)),
    annotation: annotationOf(row) ?? '',
    owner: row.owner ?? '',
    exemption: row.exemption ?? '',
  };
};

const SCHEMA = schemaFromColumnData({ columnData: columnsOf([]) });
