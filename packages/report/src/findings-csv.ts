import { csvRow } from '@compliance/csv';

import type { Finding, Unreadable } from './finding.ts';
import { insufficientData } from './findings-json.ts';

// New columns come last: scripts may count them.
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
  'resourceName',
  'arn',
  'tags',
  'controls',
  'time',
  'owner',
  'approver',
] as const satisfies readonly (keyof Finding)[];

/**
 * Formats findings as CSV, with a header unless rows follow others; tags as `name=value` and controls as `cis-7.0/2.8`, each behind a semicolon.
 */
export const findingsCsv = (
  findings: readonly Finding[],
  unreadable: readonly Unreadable[] = [],
  { header = true }: { readonly header?: boolean } = {},
): string =>
  [
    ...(header ? [COLUMNS] : []),
    ...findings.map((finding) => cellsOf(flat(finding))),
    ...unreadable.map((one) => cellsOf(insufficientData(one))),
  ]
    .map((cells) => `${csvRow(cells)}\n`)
    .join('');

const cellsOf = (row: Partial<Record<(typeof COLUMNS)[number], string | undefined>>): readonly string[] =>
  COLUMNS.map((column) => row[column] ?? '');

const flat = ({ tags = {}, controls = {}, ...finding }: Finding) => ({
  ...finding,
  tags: Object.entries(tags)
    .map(([name, value]) => `${name}=${value}`)
    .join('; '),
  controls: Object.entries(controls)
    .flatMap(([framework, ids]) => ids.map((id) => `${framework}/${id}`))
    .join('; '),
});
