import { Command, InvalidArgumentError, Option } from 'commander';
import type { ScanFlags } from './run.ts';

export const scanCommand = (): Command =>
  new Command('scan')
    .description('Judge every resource of the account that your credentials are of. Writes nothing to AWS.')
    .option('-r, --rule <command>', 'this rule only (repeatable)', collect)
    .option(
      '--region <region>',
      'this Region (repeatable); else those of the settings, else yours',
      collectRegion,
    )
    .option('--settings <file>', 'parameters and Regions (default: ./compliance.yaml if there is one)')
    .addOption(
      new Option('-f, --format <format>', 'how to print the verdicts')
        .choices(['table', 'json', 'csv', 'html'])
        .default('table'),
    )
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .option('-o, --out <file>', 'write them to a file')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 when this severity or a worse one is violated').choices(
        ['any', 'low', 'medium', 'high', 'critical'],
      ),
    )
    .addHelpText(
      'after',
      `
Exit code 3 when something could not be read: it is listed on standard error and has no verdict.

Example:
  $ compliance scan --rule S3_ENABLE_VERSIONING --region eu-west-1 --region us-east-1 --format html --out report.html`,
    )
    .action(async (flags: ScanFlags) => {
      const { scan } = await import('./run.ts');
      process.exitCode = await scan(flags);
    });

const collect = (value: string, before: readonly string[] = []) => [...before, value];

const collectRegion = (value: string, before?: readonly string[]) => {
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(value)) throw new InvalidArgumentError('It is not an AWS Region.');
  return collect(value, before);
};
