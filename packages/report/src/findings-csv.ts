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
 * Formats findings as CSV with a header. Values that a spreadsheet would run as a formula get a leading apostrophe,
 * because users of the account choose resource names.
 */
export const findingsCsv = (findings: readonly Finding[]): string =>
  stringify([...findings], { header: true, columns: [...COLUMNS], escape_formulas: true });
