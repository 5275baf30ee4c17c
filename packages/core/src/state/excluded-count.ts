import * as z from 'zod';

import { updateRow, type Table } from './table.ts';

interface SweptPlace {
  readonly command: string;
  readonly accountId: string;
  readonly region: string;
}

/** How many excluded resources the sweep before found in a place; `undefined` before the first. */
export const excludedBefore = async (table: Table, place: SweptPlace): Promise<number | undefined> => {
  const row = await table.get(partitionOf(place), SORT_KEY);
  return row && ExcludedCount.parse(row.data).resources;
};

/** Records how many excluded resources a sweep found: the base of the next sweep's growth. */
export const recordExcluded = async (table: Table, place: SweptPlace, resources: number): Promise<void> => {
  // Of two concurrent sweeps, either count is good enough.
  await updateRow(table, { pk: partitionOf(place), sk: SORT_KEY }, (row) =>
    row && ExcludedCount.parse(row.data).resources === resources ? undefined : { data: { resources } },
  );
};

const ExcludedCount = z.object({ resources: z.number() });

const SORT_KEY = 'count';
const partitionOf = ({ accountId, region, command }: SweptPlace) =>
  `excluded#${accountId}#${region}#${command}`;
