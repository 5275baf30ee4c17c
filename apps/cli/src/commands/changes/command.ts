import { Command, Option } from 'commander';

import { accountId, wholeDays } from '../arguments.ts';
import { addLedgerOption, addMasterOptions } from '../master-options.ts';
import { OUTCOMES } from './outcomes.ts';
import type { ChangesFlags, ListChangesFlags } from './run.ts';

export const changesCommand = (): Command => {
  const changes = new Command('changes').description('List and show the changes that fixes made.');
  const list = changes
    .command('list')
    .description('List recent changes with their latest outcome, newest first.')
    .option('--days <n>', 'list changes of the last n days', wholeDays, 7)
    .option('--account <id>', 'filter by account', accountId)
    .option('-r, --rule <id>', 'filter by rule')
    .addOption(new Option('--status <status>', 'filter by outcome').choices(OUTCOMES));
  addMasterOptions(addLedgerOption(list))
    .addHelpText(
      'after',
      '\nExample:\n  $ compliance changes list --days 30 --account 111122223333 --rule S3_ENABLE_VERSIONING',
    )
    .action(async (flags: ListChangesFlags) => {
      const { listChanges } = await import('./run.ts');
      await listChanges(flags);
    });
  addMasterOptions(changes.command('show'))
    .description('Show a change: facts before and after, each step, and what an undo would do.')
    .argument('<change-id>', 'id from `compliance changes list`')
    .addHelpText('after', '\nExample:\n  $ compliance changes show change-0123456789abcdef')
    .action(async (id: string, flags: ChangesFlags) => {
      const { showChange } = await import('./run.ts');
      await showChange(id, flags);
    });
  return changes;
};
