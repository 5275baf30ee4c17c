import { stringify } from 'csv-stringify/sync';

import type { Finding } from './finding.ts';

const COLUMNS = [
  'accountId',
  'region',
  'command',
  'severity',
  'resourceType',
  'resourceId',
  'complianceType',
  'annotation',
  'exemption',
  'excluded',
] as const satisfies readonly (keyof Finding)[];

/**
 * The findings as CSV with a header. A value that a spreadsheet would run as a formula gets an apostrophe before it:
 * names of resources are chosen by others.
 */
export const findingsCsv = (findings: readonly Finding[]): string =>
  stringify([...findings], { header: true, columns: [...COLUMNS], escape_formulas: true });
