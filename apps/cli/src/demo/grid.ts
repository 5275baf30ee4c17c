import { styleText } from 'node:util';

export interface GridVerdict {
  readonly accountId: string;
  readonly ruleName: string;
  readonly complianceType: string;
}

interface GridAccount {
  readonly id: string;
  readonly name: string;
}

interface GridAxes {
  readonly accounts: readonly GridAccount[];
  readonly rules: readonly { readonly ruleName: string; readonly command: string }[];
}

const CELL = 10;

/** Draws accounts × rules with the number of violations, or of compliant resources. */
export const drawGrid = (verdicts: readonly GridVerdict[], { accounts, rules }: GridAxes): string =>
  drawRows(
    verdicts,
    accounts,
    rules.map(({ command, ruleName }) => ({ title: command, ruleNames: [ruleName] })),
  );

interface GridRow {
  readonly title: string;
  readonly ruleNames: readonly string[];
}

/** Draws a row for the verdicts of some rules, with a cell for each account. */
export const drawRows = (
  verdicts: readonly GridVerdict[],
  accounts: readonly GridAccount[],
  rows: readonly GridRow[],
): string => {
  const width = Math.max(...rows.map(({ title }) => title.length)) + 2;
  const head = `  ${''.padEnd(width)}${accounts.map(({ name }) => name.padStart(CELL)).join('')}`;
  const lines = rows.map(({ title, ruleNames }) => {
    const own = verdicts.filter(({ ruleName }) => ruleNames.includes(ruleName));
    const cells = accounts.map(({ id }) => drawCell(own.filter(({ accountId }) => accountId === id)));
    return `  ${title.padEnd(width)}${cells.join('')}`;
  });
  return [styleText('dim', head), ...lines].join('\n');
};

const drawCell = (verdicts: readonly GridVerdict[]): string => {
  const count = (complianceType: string) =>
    verdicts.filter((verdict) => verdict.complianceType === complianceType).length;
  const violations = count('NON_COMPLIANT');
  if (violations > 0) return styleText(['red', 'bold'], `${violations} ✗`.padStart(CELL));
  const compliant = count('COMPLIANT');
  return compliant > 0
    ? styleText('green', `${compliant} ✓`.padStart(CELL))
    : styleText('dim', '·'.padStart(CELL));
};
