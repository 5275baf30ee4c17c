import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';

import { tables, type ColumnType, type Table } from '@compliance/athena';

/** A folder with sealed objects, and the folder of `verdicts.parquet`. */
export interface Folders {
  readonly sealed: string;
  readonly state: string;
}

/**
 * Opens DuckDB on files of this machine, with the tables of the catalog by their names. What differs from Athena is here
 * and not in the queries: how a table finds its files, and what day it is.
 */
export const openDuckDb = async (folders: Folders, today: string) => {
  const database = await DuckDBInstance.create(':memory:', {
    // Nothing is downloaded: JSON and Parquet are built in.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await database.connect();
  for (const table of Object.values(tables()))
    await connection.run(`CREATE VIEW ${table.name} AS SELECT * FROM ${filesOf(table, folders)}`);
  await connection.run(`CREATE MACRO current_date() AS DATE '${today}'`);
  return {
    /** The rows of an answer, with dates and times as text. */
    ask: async (sql: string, parameters: string[] = []) =>
      (await connection.runAndReadAll(sql, parameters)).getRowObjectsJson(),
    close: () => {
      connection.closeSync();
      database.closeSync();
    },
  };
};

const filesOf = ({ format, columns, partitions, template }: Table, { sealed, state }: Folders): string => {
  if (format === 'parquet') return `read_parquet('${join(state, 'verdicts.parquet')}')`;
  const paths = join(sealed, template.replaceAll(/\$\{\w+\}/g, '*'), '*.ndjson.gz');
  const named = columns.map(({ name, type }) => `"${name}": '${duckType(type)}'`).join(', ');
  const types = partitions.map(({ name }) => `'${name}': VARCHAR`).join(', ');
  return `read_json('${paths}', format = 'newline_delimited', columns = {${named}}, hive_partitioning = true, hive_types = {${types}})`;
};

const FLAT = {
  string: 'VARCHAR',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  'array<string>': 'VARCHAR[]',
  'map<string,string>': 'MAP(VARCHAR, VARCHAR)',
} as const;

const duckType = (type: ColumnType): string =>
  typeof type === 'string'
    ? FLAT[type]
    : `STRUCT(${Object.entries(type)
        .map(([name, member]) => `"${name}" ${FLAT[member]}`)
        .join(', ')})`;
