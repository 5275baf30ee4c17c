import { styleText } from 'node:util';

export interface GridVerdict {
  readonly accountId: string;
  readonly ruleName: string;
  readonly complianceType: string;
}

interface GridAxes {
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly rules: readonly { readonly ruleName: string; readonly command: string }[];
}

const CELL = 10;

/** Draws accounts × rules with the number of violations, or of compliant resources. */
export const drawGrid = (verdicts: readonly GridVerdict[], { accounts, rules }: GridAxes): string => {
  const width = Math.max(...rules.map(({ command }) => command.length)) + 2;
  const head = `  ${''.padEnd(width)}${accounts.map(({ name }) => name.padStart(CELL)).join('')}`;
  const rows = rules.map(({ command, ruleName }) => {
    const cells = accounts.map(({ id }) =>
      drawCell(verdicts.filter((verdict) => verdict.accountId === id && verdict.ruleName === ruleName)),
    );
    return `  ${command.padEnd(width)}${cells.join('')}`;
  });
  return [styleText('dim', head), ...rows].join('\n');
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
