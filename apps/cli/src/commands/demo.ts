import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { Command, Option } from 'commander';

import { EXIT, UsageError } from '../output/exit-codes.ts';
import { writeStyled } from '../output/terminal.ts';

interface DemoFlags {
  readonly report: string;
  readonly dashboard: string;
  readonly sealed?: string;
  readonly open?: true;
  readonly json?: true;
  readonly rules: 'telling' | 'all';
}

export const demoCommand = (): Command =>
  new Command('demo')
    .description('Run the whole cycle on a simulated AWS organization. Needs no AWS account.')
    .option('--report <file>', 'write the HTML report to this file', 'compliance-report.html')
    .option('--dashboard <file>', 'write the dashboard to this HTML file', 'compliance-dashboard.html')
    .option('--sealed <folder>', 'copy the sealed hours into this new folder, for ledger verify')
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
    .action(async ({ report, dashboard, sealed, open, json, rules }: DemoFlags) => {
      // Its organization is on this machine, so every word is ours.
      const print = (line: string) => writeStyled(json ? process.stderr : process.stdout, `${line}\n`);
      if (rules === 'all') {
        if (open) throw new UsageError('--open opens the dashboard, which --rules all does not write.');
        if (sealed !== undefined)
          throw new UsageError('--sealed copies the sealed hours, of which --rules all has none.');
        const { runDemoOfAll } = await import('../demo/demo-of-all.ts');
        const shown = await runDemoOfAll(print);
        if (json) process.stdout.write(`${JSON.stringify(shown)}\n`);
        process.exitCode = shown.failed.length === 0 ? EXIT.ok : EXIT.findings;
        return;
      }
      const { assertWritable } = await import('../output/write-output.ts');
      await assertWritable(report);
      await assertWritable(dashboard);
      if (sealed !== undefined && existsSync(sealed))
        throw new UsageError(`${sealed} is there already: name a new folder for the sealed hours.`);
      const { runDemo } = await import('../demo/demo.ts');
      const totals = await runDemo({
        print,
        reportPath: resolve(report),
        dashboardPath: resolve(dashboard),
        ...(sealed !== undefined && { sealedPath: resolve(sealed) }),
      });
      if (open) {
        const { openInBrowser } = await import('../output/open-in-browser.ts');
        await openInBrowser(totals.dashboard);
      }
      if (json) process.stdout.write(`${JSON.stringify(totals)}\n`);
      process.exitCode = totals.nonCompliantAtLast === 0 ? EXIT.ok : EXIT.findings;
    });
