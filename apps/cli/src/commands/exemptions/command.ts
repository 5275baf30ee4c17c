import { Command } from 'commander';

import { EXIT } from '../../output/exit-codes.ts';
import type { AddFlags, ExemptionsFlags } from './run.ts';

export const exemptionsCommand = (): Command => {
  const exemptions = new Command('exemptions').description(
    'Findings that somebody answers for, until a day.',
  );
  withFile(exemptions.command('list'))
    .description('List the exemptions, those that end first at the top.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance exemptions list')
    .action(async (flags: ExemptionsFlags) => {
      const { listExemptions } = await import('./run.ts');
      await listExemptions(flags, Infinity);
    });
  withFile(exemptions.command('check'))
    .description('Check the file as the functions will; a file that is not valid stops every fix.')
    .addHelpText('after', '\nExample:\n  $ compliance exemptions check')
    .action(async (flags: ExemptionsFlags) => {
      const { checkExemptions } = await import('./run.ts');
      await checkExemptions(flags);
    });
  withFile(exemptions.command('expiring'))
    .description('List the exemptions that end soon.')
    .option('--days <n>', 'how soon', '30')
    .option('--exit-code', 'exit with 1 when there are any')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance exemptions expiring --days 30')
    .action(async ({ days, exitCode, ...flags }: ExemptionsFlags & { days: string; exitCode?: true }) => {
      const { listExemptions } = await import('./run.ts');
      const { length } = await listExemptions(flags, Number(days));
      if (exitCode && length > 0) process.exitCode = EXIT.findings;
    });
  withFile(exemptions.command('add'))
    .description('Add a valid exemption to the file, comments in it kept.')
    .requiredOption('--id <id>', 'short and telling: letters, digits, dashes')
    .option('--resource <pattern...>', 'resource ids or ARNs; * stands for anything')
    .option('--account <id...>', 'account ids')
    .option('--command <command...>', 'rules')
    .requiredOption('--reason <text>', 'why the finding is acceptable')
    .requiredOption('--owner <who>', 'who answers for it')
    .requiredOption('--approver <who>', 'who allowed it')
    .requiredOption('--ticket <id>', 'where that can be read')
    .requiredOption('--expires <date>', 'the first day on which it holds no more: 2027-01-31')
    .addHelpText(
      'after',
      '\nExample:\n  $ compliance exemptions add --id legacy-uploads --resource "uploads-*" --command S3_ENABLE_VERSIONING \\\n      --reason "Rewritten nightly" --owner data --approver security --ticket SEC-12 --expires 2027-01-31',
    )
    .action(async (flags: AddFlags) => {
      const { addExemption } = await import('./run.ts');
      await addExemption(flags);
    });
  return exemptions;
};

const withFile = (command: Command) =>
  command.option('--file <file>', 'the file (default: ./exemptions.yaml)');
