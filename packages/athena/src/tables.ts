import { VERDICT_COLUMNS } from '@compliance/dashboard-data';
import { CLASSES } from '@compliance/ledger';

import type { Column } from './column.ts';
import { eventColumns } from './event-columns.ts';

export type TableName = 'events' | 'imported_events' | 'verdicts';

/** A partition of a table. Its values are computed from these properties, and nothing has to be loaded into the catalog. */
export interface Partition {
  readonly name: string;
  /** @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html */
  readonly projection: Readonly<Record<string, string>>;
}

export interface Table {
  readonly name: TableName;
  readonly description: string;
  readonly format: 'gzip-json-lines' | 'parquet';
  readonly columns: readonly Column[];
  /** In the order of the keys. */
  readonly partitions: readonly Partition[];
  /** Where the files of a partition are, below the bucket: `class=${class}/dt=${dt}/hour=${hour}/`. */
  readonly template: string;
}

/** Nothing was sealed or appended before. */
const FIRST_DAY = '2026-01-01';

const CLASS: Partition = { name: 'class', projection: { type: 'enum', values: CLASSES.join(',') } };
const DAY: Partition = {
  name: 'dt',
  projection: { type: 'date', format: 'yyyy-MM-dd', range: `${FIRST_DAY},NOW` },
};
const HOUR: Partition = { name: 'hour', projection: { type: 'integer', range: '0,23', digits: '2' } };

/** What is sealed, and the newest state, as tables. Partitions are the folders that the keeper writes to. */
export const tables = (): Readonly<Record<TableName, Table>> => {
  const columns = eventColumns();
  return {
    events: {
      name: 'events',
      description: 'Sealed audit events. Partitions are of their arrival, in UTC.',
      format: 'gzip-json-lines',
      columns,
      partitions: [CLASS, DAY, HOUR],
      template: 'class=${class}/dt=${dt}/hour=${hour}/',
    },
    // Beside the hours of a day, where no value of a projected hour leads.
    imported_events: {
      name: 'imported_events',
      description: 'Audit events from before the first sealed hour, as the keeper found them.',
      format: 'gzip-json-lines',
      columns,
      partitions: [CLASS, DAY],
      template: 'class=${class}/dt=${dt}/imported/',
    },
    verdicts: {
      name: 'verdicts',
      description: 'The newest state of every resource under every rule.',
      format: 'parquet',
      columns: VERDICT_COLUMNS.map(({ name, type }) => ({
        name,
        type: type === 'INT64' ? 'bigint' : 'string',
      })),
      partitions: [],
      template: '',
    },
  };
};
