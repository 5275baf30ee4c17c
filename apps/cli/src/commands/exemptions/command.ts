import { Command, Option } from 'commander';

import { EXIT } from '../../output/exit-codes.ts';
import { wholeDays } from '../arguments.ts';
import type { AddFlags, ExemptionsFlags } from './run.ts';

export const exemptionsCommand = (): Command =>
  new Command('exemptions')
    .description('Manage time-limited exemptions.')
    .addCommand(listCommand())
    .addCommand(checkCommand())
    .addCommand(expiringCommand())
    .addCommand(addCommand());

const listCommand = () =>
  withFile(new Command('list'))
    .description('List exemptions, the next to expire first.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance exemptions list')
    .action(async (flags: ExemptionsFlags) => {
      const { listExemptions } = await import('./run.ts');
      await listExemptions(flags, Infinity);
    });

const checkCommand = () =>
  withFile(new Command('check'))
    .description('Validate the file. While it is invalid, the functions fix nothing.')
    .addHelpText('after', '\nExample:\n  $ compliance exemptions check')
    .action(async (flags: ExemptionsFlags) => {
      const { checkExemptions } = await import('./run.ts');
      await checkExemptions(flags);
    });

const expiringCommand = () =>
  withFile(new Command('expiring'))
    .description('List exemptions that expire soon.')
    .option('--days <n>', 'list exemptions that expire within n days', wholeDays, 30)
    .option('--exit-code', 'exit with 1 if there are any')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance exemptions expiring --days 30')
    .action(async ({ days, exitCode, ...flags }: ExemptionsFlags & { days: number; exitCode?: true }) => {
      const { listExemptions } = await import('./run.ts');
      const { length } = await listExemptions(flags, days);
      if (exitCode && length > 0) process.exitCode = EXIT.findings;
    });

const addCommand = () =>
  withFile(new Command('add'))
    .description('Add an exemption to the file. Preserves comments.')
    .requiredOption('--id <id>', 'unique, descriptive id: letters, digits, dashes')
    .option('--resource <pattern...>', 'resource ids or ARNs; * matches any text')
    .option('--account <id...>', 'account ids')
    .option('-r, --rule <id...>', 'ids from `compliance rules list`')
    .addOption(new Option('--command <id...>', 'former name of --rule').hideHelp())
    .requiredOption('--reason <text>', 'why the finding is acceptable')
    .requiredOption('--owner <name>', 'person or team that is responsible')
    .requiredOption('--approver <name>', 'person or team that approved it')
    .requiredOption('--ticket <id>', 'ticket that documents the approval')
    .requiredOption('--expires <date>', 'expiry date (exclusive), such as 2027-01-31')
    .addHelpText(
      'after',
      '\nExample:\n  $ compliance exemptions add --id legacy-uploads --resource "uploads-*" --rule S3_ENABLE_VERSIONING \\\n      --reason "Rewritten nightly" --owner data --approver security --ticket SEC-12 --expires 2027-01-31',
    )
    .action(async (flags: AddFlags) => {
      const { addExemption } = await import('./run.ts');
      await addExemption(flags);
    });

const withFile = (command: Command) =>
  command.option('--file <file>', 'exemptions file (default: ./exemptions.yaml)');
