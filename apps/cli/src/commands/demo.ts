import { resolve } from 'node:path';

import { Command, Option } from 'commander';

import { EXIT, UsageError } from '../output/exit-codes.ts';
import { writeStyled } from '../output/terminal.ts';

interface DemoFlags {
  readonly report: string;
  readonly dashboard: string;
  readonly open?: true;
  readonly json?: true;
  readonly rules: 'telling' | 'all';
}

export const demoCommand = (): Command =>
  new Command('demo')
    .description('Run the whole cycle on a simulated AWS organization. Needs no AWS account.')
    .option('--report <file>', 'write the HTML report to this file', 'compliance-report.html')
    .option('--dashboard <file>', 'write the dashboard to this HTML file', 'compliance-dashboard.html')
    .option('--open', 'open the dashboard in a browser at the end')
    .addOption(
      new Option(
        '--rules <which>',
        'telling: the whole cycle with ten rules; all: each rule once, and neither report nor dashboard',
      )
        .choices(['telling', 'all'])
        .default('telling'),
    )
    .option('--json', 'print only the totals, as JSON')
    .addHelpText('after', '\nExample:\n  $ compliance demo --report demo.html')
    .action(async ({ report, dashboard, open, json, rules }: DemoFlags) => {
      // Its organization is on this machine, so every word is ours.
      const print = (line: string) => writeStyled(json ? process.stderr : process.stdout, `${line}\n`);
      if (rules === 'all') {
        if (open) throw new UsageError('--open opens the dashboard, which --rules all does not write.');
        const { runDemoOfAll } = await import('../demo/demo-of-all.ts');
        const shown = await runDemoOfAll(print);
        if (json) process.stdout.write(`${JSON.stringify(shown)}\n`);
        process.exitCode = shown.failed.length === 0 ? EXIT.ok : EXIT.findings;
        return;
      }
      const { assertWritable } = await import('../output/write-output.ts');
      await assertWritable(report);
      await assertWritable(dashboard);
      const { runDemo } = await import('../demo/demo.ts');
      const totals = await runDemo({
        print,
        reportPath: resolve(report),
        dashboardPath: resolve(dashboard),
      });
      if (open) {
        const { openInBrowser } = await import('../output/open-in-browser.ts');
        await openInBrowser(totals.dashboard);
      }
      if (json) process.stdout.write(`${JSON.stringify(totals)}\n`);
      process.exitCode = totals.nonCompliantAtLast === 0 ? EXIT.ok : EXIT.findings;
    });
