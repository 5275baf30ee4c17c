import type { Severity } from '@compliance/core';
import { Command, Option } from 'commander';

import { collect, positive, wholeNumber } from '../arguments.ts';
import type { ScanFlags } from './run.ts';
import type { Source } from './scan-source.ts';

// As in core, which takes long to load for a help text.
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];

// As in scan-source.ts, which takes long to load for a help text.
const SOURCES = ['live', 'config', 'both'] as const satisfies readonly Source[];

export const scanCommand = (): Command =>
  new Command('scan')
    .description(
      'Evaluate every resource of the current account, or of an organization. Writes nothing to AWS.',
    )
    .option(
      '--organization [accounts]',
      'scan many accounts: those of AWS Organizations (default), of the settings (settings), or of a file with an account id in each line',
    )
    .option('--ou <unit>', 'only accounts of this unit: its id or Root/Workloads (repeatable)', collect)
    .option(
      '--accounts <id>',
      'only these accounts: an id or a name, * as in exemptions (repeatable)',
      collect,
    )
    .option('--exclude <id>', 'leave out these accounts (repeatable)', collect)
    .option(
      '--role <name>',
      'the role to assume in each account (repeatable; default: the first there is of compliance-evaluate, aws-controltower-ReadOnlyExecutionRole, OrganizationAccountAccessRole)',
      collect,
    )
    .option('--external-id <id>', 'the external id of the role (default: from the settings)')
    .addOption(
      new Option(
        '--source <source>',
        "where facts come from: live calls; AWS Config's items, for an organization those of its aggregator; or items and live calls for the rest",
      )
        .choices(SOURCES)
        .default('live'),
    )
    .option('--aggregator <name>', "the aggregator of AWS Config (default: the organization's)")
    .option('--rate <requests>', 'at most this many requests a second to each account', positive)
    .option(
      '--jobs <threads>',
      'scan accounts in this many threads (default: one for each core)',
      wholeNumber,
    )
    .option('--resume', 'continue a scan that stopped, with --format ndjson and --out')
    .option('--print-policy', 'print the policy that a scan of these rules needs, and scan nothing')
    .option('--stats', 'print the number of calls by service')
    .option('-r, --rule <id>', 'evaluate only this rule (repeatable)', collect)
    .option('--framework <id>', 'evaluate only the rules of this framework, such as cis-7.0')
    .addOption(
      new Option('--level <level>', "only of the framework's requirements of this level").choices(['1', '2']),
    )
    .addOption(
      new Option('--severity <severity>', 'evaluate only rules of this severity or higher').choices(
        SEVERITIES,
      ),
    )
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
        .choices(['table', 'json', 'ndjson', 'csv', 'html'])
        .default('table'),
    )
    .addOption(new Option('--json', 'same as --format json').implies({ format: 'json' }))
    .option('-o, --out <file>', 'write the output to this file')
    .addOption(
      new Option(
        '--fail-on <severity>',
        'exit with 1 if there is a violation of this severity or higher',
      ).choices(['any', ...SEVERITIES]),
    )
    .option(
      '--new-since <file>',
      'with --fail-on: only violations that this earlier output (JSON, NDJSON) does not have',
    )
    .addHelpText(
      'after',
      `
Reads ./compliance.yaml and ./exemptions.yaml if they exist: Regions, modes, parameters, exclusions, exemptions.
Exits with 3 if a resource could not be evaluated, and lists each one on standard error; JSON and CSV have it as
INSUFFICIENT_DATA.

Examples:
  $ compliance scan --framework cis-7.0 --level 1 --severity high
  $ compliance scan --rule S3_ENABLE_VERSIONING --region eu-west-1 --region us-east-1 --format html --out report.html`,
    )
    .action(async (flags: ScanFlags) => {
      const { scan } = await import('./run.ts');
      process.exitCode = await scan(flags);
    });
