import { join } from 'node:path';

import * as z from 'zod';

/** What the measurement `peers` wrote last; README's comparison is made from it. */
export const COMPARISON_FILE = join(import.meta.dirname, 'comparison.json');

const Program = z.object({
  seconds: z.number(),
  calls: z.number(),
  /** Requirements of CIS 7.0 that it judged on this account. */
  requirements: z.number(),
  /** Errors in its log, and answers of 500 or more. */
  errors: z.number(),
});

const OtherProgram = Program.extend({ version: z.string().min(1) });

/** What another program says of the resources that both judge. */
const Agreement = z.object({
  requirements: z.number(),
  shared: z.number(),
  /** Why it judges otherwise, with how many verdicts. */
  differences: z.array(
    z.object({ command: z.string(), why: z.string(), source: z.string(), count: z.number() }),
  ),
});

export const Comparison = z.object({
  account: z.string(),
  latencyMs: z.number(),
  cores: z.number(),
  compliance: Program,
  /** `--source both`, where one of the two Regions has a recorder. */
  withItems: Program,
  prowler: OtherProgram.extend({ agreement: Agreement }),
  /** `same`: `compliance scan` of the rules that Cloud Custodian's policies correspond to. */
  custodian: OtherProgram.extend({ agreement: Agreement, same: Program }),
});
export type Comparison = z.infer<typeof Comparison>;

const START =
  '<!-- CIS 7.0 of one account: `make bench ONLY=peers` measures it, `make generate` writes it here -->';
const END = '<!-- end -->';

/** The text with the comparison between its marks; the text itself where it has none. */
export const withComparison = (text: string, comparison: Comparison): string => {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) return text;
  return `${text.slice(0, start)}${START}\n\n${comparisonText(comparison)}\n${text.slice(end)}`;
};

const comparisonText = ({
  account,
  latencyMs,
  cores,
  compliance,
  withItems,
  prowler,
  custodian,
}: Comparison): string => {
  const rows = [
    ['', 'this', `Prowler ${prowler.version}`, `Cloud Custodian ${custodian.version}`],
    [
      'time of the whole process',
      seconds(compliance),
      times(prowler, compliance),
      times(custodian, custodian.same),
    ],
    [
      'calls of AWS',
      count(compliance.calls),
      count(prowler.calls),
      `${count(custodian.calls)}, this makes ${count(custodian.same.calls)}`,
    ],
    ['the same with the items of AWS Config, recorded in one Region', count(withItems.calls), '', ''],
    ['requirements judged', compliance.requirements, prowler.requirements, custodian.requirements],
    ['errors in its log', compliance.errors, prowler.errors, custodian.errors],
    ['same verdict as this', '', agreement(prowler.agreement), agreement(custodian.agreement)],
  ].map((row) => row.map(String));
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const differences = [
    ...differencesOf('Prowler', prowler.agreement),
    ...differencesOf('Cloud Custodian', custodian.agreement),
  ];
  return [
    `CIS 7.0 of one account with ${account}, in two Regions, ${latencyMs} ms a call, on ${cores} cores:`,
    '',
    line(head),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...body.map(line),
    '',
    'Cloud Custodian has no CIS policies; it answers what its filters can decide, and is compared with a scan of the same rules.',
    ...(differences.length > 0 ? ['Where the others judge otherwise:', '', ...differences] : []),
    '',
  ].join('\n');
};

const differencesOf = (program: string, { differences }: z.infer<typeof Agreement>): readonly string[] =>
  differences.map(
    ({ command, why, source, count: many }) =>
      `- [${command}](${source}), verdicts: ${many}. ${program} ${why}.`,
  );

const seconds = ({ seconds: value }: { readonly seconds: number }): string =>
  `${value >= 10 ? Math.round(value) : value.toFixed(1)} s`;

const times = (theirs: { readonly seconds: number }, ours: { readonly seconds: number }): string =>
  `${seconds(theirs)}, ${Number((theirs.seconds / ours.seconds).toPrecision(2))} × as long`;

const count = (value: number): string => value.toLocaleString('en-US');

const agreement = ({ shared, differences }: z.infer<typeof Agreement>): string =>
  `${count(shared - differences.reduce((sum, difference) => sum + difference.count, 0))} of ${count(shared)} shared`;
