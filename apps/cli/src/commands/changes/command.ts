import { Command, InvalidArgumentError, Option } from 'commander';

import { fromMaster } from '../master-options.ts';
import { OUTCOMES } from './outcomes.ts';
import type { ChangesFlags, ListChangesFlags } from './run.ts';

/** What fixes did, by themselves or for a person, and how it is taken back. */
export const changesCommand = (): Command => {
  const changes = new Command('changes').description(
    'Look at the fixes that were made, and find one to undo.',
  );
  fromMaster(changes.command('list'))
    .description('List the changes of the last days and what became of each, the newest first.')
    .option('--days <n>', 'how far to look back', wholeDays, 7)
    .option('--account <id>', 'only of this account', accountId)
    .option('-r, --rule <command>', 'only by this rule')
    .addOption(new Option('--status <status>', 'only those that ended so').choices(OUTCOMES))
    .addHelpText(
      'after',
      '\nExample:\n  $ compliance changes list --days 30 --account 111122223333 --rule S3_ENABLE_VERSIONING',
    )
    .action(async (flags: ListChangesFlags) => {
      const { listChanges } = await import('./run.ts');
      await listChanges(flags);
    });
  fromMaster(changes.command('show <id>'))
    .description(
      'Show one change: facts before and after, each step, what an undo would do, and how to undo it.',
    )
    .addHelpText('after', '\nExample:\n  $ compliance changes show change-0123456789abcdef')
    .action(async (id: string, flags: ChangesFlags) => {
      const { showChange } = await import('./run.ts');
      await showChange(id, flags);
    });
  return changes;
};

const wholeDays = (value: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new InvalidArgumentError('It is not a number of days, 1 or more.');
  return Number(value);
};

const accountId = (value: string): string => {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError('It is not an account id: 12 digits.');
  return value;
};
