export { csvRow, type Cell } from './csv-row.ts';
