import { resolve } from 'node:path';

import { Command } from 'commander';

interface DemoFlags {
  readonly report: string;
  readonly json?: true;
}

export const demoCommand = (): Command =>
  new Command('demo')
    .description('Show the whole loop on an AWS organization on this machine. Needs no AWS account.')
    .option('--report <file>', 'where the HTML report goes', 'compliance-report.html')
    .option('--json', 'print only the totals, as JSON')
    .addHelpText('after', '\nExample:\n  $ compliance demo --report demo.html')
    .action(async ({ report, json }: DemoFlags) => {
      const { runDemo } = await import('../demo/demo.ts');
      const say = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);
      const totals = await runDemo({ say, reportPath: resolve(report) });
      if (json) process.stdout.write(`${JSON.stringify(totals)}\n`);
      process.exitCode = totals.nonCompliantAtLast === 0 ? 0 : 1;
    });
