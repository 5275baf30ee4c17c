import { printable } from '@compliance/core/printable';
import Table from 'cli-table3';
import { styleText } from 'node:util';

import { byUrgency, isExcluded, isExempt, isViolation, resourceLabel, type Finding } from './finding.ts';

export interface TableOptions {
  /** Columns of the terminal, at least 80. */
  readonly width?: number;
  readonly colour?: boolean;
}

const COLOURS = { critical: 'magenta', high: 'red', medium: 'yellow', low: 'cyan' } as const;

/** Formats violations by rule, worst first, and the totals, for a terminal or a CI log. */
export const findingsTable = (
  findings: readonly Finding[],
  { width = 100, colour = false }: TableOptions = {},
): string => {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  const violations = findings.filter(isViolation).toSorted(byUrgency);
  const total = totals(findings);
  if (violations.length === 0) return `${paint('green', 'No violations.')} ${total}\n`;

  const groups = Map.groupBy(violations, ({ command }) => command);
  const colWidths = columnWidths(violations, width);
  const [, , resourceWidth, reasonWidth] = colWidths;
  const table = new Table({
    head: ['Account', 'Region', 'Resource', 'Reason'],
    colWidths,
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const [command, ofRule] of groups) {
    const severity = ofRule[0]?.severity;
    const title = `${severity?.toUpperCase() ?? ''}  ${command}  (${ofRule.length})`.trim();
    const content = paint(severity ? ['bold', COLOURS[severity]] : 'bold', title);
    table.push([{ colSpan: 4, content }]);
    for (const { accountId, region, annotation, owner, approver, ...resource } of ofRule)
      table.push([
        accountId,
        region,
        breakable(resourceLabel(resource), resourceWidth),
        breakable(reasonOf({ annotation, owner, approver }), reasonWidth),
      ]);
  }
  return `${table.toString()}\n${total}\n`;
};

const reasonOf = ({ annotation, owner, approver }: Pick<Finding, 'annotation' | 'owner' | 'approver'>) =>
  [
    annotation,
    owner !== undefined && `Owner: ${owner}.`,
    approver !== undefined && `Fix approved by ${approver}.`,
  ]
    .filter((part) => typeof part === 'string')
    .join(' ');

// Four columns have five borders; each cell has one space on both sides.
const PADDING = 2;
const BORDERS = 5;

/** Fits ids up to a limit; the reason gets the rest. */
const columnWidths = (findings: readonly Finding[], width: number): [number, number, number, number] => {
  const longest = (of: (finding: Finding) => string, atMost: number) =>
    Math.min(Math.max(...findings.map((finding) => of(finding).length), 8), atMost) + PADDING;
  const account = longest(({ accountId }) => accountId, 12);
  const region = longest(({ region: name }) => name, 14);
  const rest = Math.max(width, 80) - BORDERS - account - region;
  const resource = longest((finding) => printable(resourceLabel(finding)), Math.floor(rest / 2) - PADDING);
  return [account, region, resource, rest - resource];
};

/** Breaks words that are wider than their column, because the table would truncate them. */
const breakable = (text: string, columnWidth: number) =>
  printable(text.replaceAll(/\s/g, ' ')).replaceAll(
    new RegExp(String.raw`\S{${columnWidth - PADDING}}(?=\S)`, 'g'),
    '$&\n',
  );

const totals = (findings: readonly Finding[]): string => {
  const count = (type: Finding['complianceType']) =>
    findings.filter(({ complianceType }) => complianceType === type).length;
  const [excluded, exempt] = [isExcluded, isExempt].map((is) => findings.filter(is).length);
  return (
    `${count('NON_COMPLIANT')} non-compliant${excluded ? ` (${excluded} managed by AWS or the landing zone)` : ''}, ` +
    `${count('COMPLIANT')} compliant, ` +
    `${count('NOT_APPLICABLE')} not applicable${exempt ? ` (${exempt} exempt)` : ''}.`
  );
};
