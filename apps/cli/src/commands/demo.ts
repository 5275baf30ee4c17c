import { resolve } from 'node:path';

import { Command, Option } from 'commander';

import { EXIT } from '../output/exit-codes.ts';
import { writeStyled } from '../output/terminal.ts';

interface DemoFlags {
  readonly report: string;
  readonly json?: true;
  readonly rules: 'telling' | 'all';
}

export const demoCommand = (): Command =>
  new Command('demo')
    .description('Run the whole cycle on a simulated AWS organization. Needs no AWS account.')
    .option('--report <file>', 'write the HTML report to this file', 'compliance-report.html')
    .addOption(
      new Option(
        '--rules <which>',
        'telling: the whole cycle with ten rules; all: each rule once, and no report',
      )
        .choices(['telling', 'all'])
        .default('telling'),
    )
    .option('--json', 'print only the totals, as JSON')
    .addHelpText('after', '\nExample:\n  $ compliance demo --report demo.html')
    .action(async ({ report, json, rules }: DemoFlags) => {
      // Its organization is on this machine, so every word is ours.
      const print = (line: string) => writeStyled(json ? process.stderr : process.stdout, `${line}\n`);
      if (rules === 'all') {
        const { runDemoOfAll } = await import('../demo/demo-of-all.ts');
        const shown = await runDemoOfAll(print);
        if (json) process.stdout.write(`${JSON.stringify(shown)}\n`);
        process.exitCode = shown.failed.length === 0 ? EXIT.ok : EXIT.findings;
        return;
      }
      const { assertWritable } = await import('../output/write-output.ts');
      await assertWritable(report);
      const { runDemo } = await import('../demo/demo.ts');
      const totals = await runDemo({ print, reportPath: resolve(report) });
      if (json) process.stdout.write(`${JSON.stringify(totals)}\n`);
      process.exitCode = totals.nonCompliantAtLast === 0 ? EXIT.ok : EXIT.findings;
    });
