import { Command, Option } from 'commander';

import type { ScanFlags } from './run.ts';

export const scanCommand = (): Command =>
  new Command('scan')
    .description('Evaluate every resource of the current account. Writes nothing to AWS.')
    .option('-r, --rule <id>', 'evaluate only this rule (repeatable)', collect)
    .option(
      '--region <region>',
      'scan this Region (repeatable; default: from the settings, otherwise from the environment)',
      collect,
    )
    .option(
      '--settings <file>',
      'read parameters and Regions from this file (default: ./compliance.yaml if it exists)',
    )
    .addOption(
      new Option('-f, --format <format>', 'output format')
        .choices(['table', 'json', 'csv', 'html'])
        .default('table'),
    )
    .addOption(new Option('--json', 'same as --format json').implies({ format: 'json' }))
    .option('-o, --out <file>', 'write the output to this file')
    .addOption(
      new Option(
        '--fail-on <severity>',
        'exit with 1 if there is a violation of this severity or higher',
      ).choices(['any', 'low', 'medium', 'high', 'critical']),
    )
    .addHelpText(
      'after',
      `
Exits with 3 if a resource could not be evaluated, and lists each one on standard error.

Example:
  $ compliance scan --rule S3_ENABLE_VERSIONING --region eu-west-1 --region us-east-1 --format html --out report.html`,
    )
    .action(async (flags: ScanFlags) => {
      const { scan } = await import('./run.ts');
      process.exitCode = await scan(flags);
    });

const collect = (value: string, before: readonly string[] = []) => [...before, value];
