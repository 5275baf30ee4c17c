export { glueType, type Column, type ColumnType } from './column.ts';
export { SAVED_QUERIES, type SavedQuery } from './saved-queries.ts';
export { tables, type Partition, type Table, type TableName } from './tables.ts';
