import { Command } from 'commander';

import { wholeDays } from '../arguments.ts';
import { addLedgerOption, addMasterOptions } from '../master-options.ts';
import type { CountFlags } from './count.ts';
import type { ShowFlags } from './show.ts';

export const ledgerCommand = (): Command => {
  const ledger = new Command('ledger').description('Read the ledger of audit events.');
  ledger
    .command('schema')
    .description('Print the JSON Schema of an audit event: one line of the ledger and of the audit log.')
    .addHelpText('after', '\nExample:\n  $ compliance ledger schema > audit-event.schema.json')
    .action(async () => {
      const { printSchema } = await import('./schema.ts');
      printSchema();
    });
  addMasterOptions(addLedgerOption(ledger.command('show')))
    .description(
      'Tell the story of a change, a plan or a resource: found, planned, approved, applied, undone.',
    )
    .argument('<id>', 'id of a change or a plan, or the ARN of a resource')
    .option('--days <n>', 'read the last n days', wholeDays, 90)
    .addHelpText('after', '\nExample:\n  $ compliance ledger show arn:aws:s3:::application-logs --days 30')
    .action(async (id: string, flags: ShowFlags) => {
      const { showStories } = await import('./show.ts');
      await showStories(id, flags);
    });
  addMasterOptions(addLedgerOption(ledger.command('count')))
    .description('Count the newest verdicts by account and rule.')
    .option('--days <n>', 'read the last n days', wholeDays, 90)
    .addHelpText('after', '\nExample:\n  $ compliance ledger count --ledger ./copy-of-the-ledger --json')
    .action(async (flags: CountFlags) => {
      const { countByAccountAndRule } = await import('./count.ts');
      await countByAccountAndRule(flags);
    });
  return ledger;
};
