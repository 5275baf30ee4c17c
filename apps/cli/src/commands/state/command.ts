import { Command } from 'commander';

import { wholeDays } from '../arguments.ts';
import { addLedgerOption, addMasterOptions } from '../master-options.ts';
import type { BuildFlags } from './build.ts';
import type { ShowFlags } from './show.ts';

export const stateCommand = (): Command => {
  const state = new Command('state').description('Build the state of all resources from the ledger.');
  addMasterOptions(addLedgerOption(state.command('build')))
    .description('Bring the state up to date with the ledger, and write the data of the dashboard.')
    .option(
      '--sealed <place>',
      "folder, or s3://bucket, of the sealed hours; without --ledger, nothing else is read (default: the deployment's)",
    )
    .requiredOption('--out <folder>', 'folder of the state and the data, reused by the next build')
    .option(
      '--settings <file>',
      'accounts, units and rules in force (default: ./compliance.yaml, if it is there)',
    )
    .option(
      '--exemptions <file>',
      'exemptions with their reasons (default: ./exemptions.yaml, if it is there)',
    )
    .option('--days <n>', 'the first build reads the last n days', wholeDays, 90)
    .option(
      '--rebuild',
      "into an empty folder: read all of the ledger, and not the keeper's state of the last day",
    )
    .addHelpText(
      'after',
      `
Hours that the keeper sealed are read from the seal and verified, later ones from the intake. A sealed object that is not
what was sealed is named, and nothing is built.

Examples:
  $ compliance state build --out ./dashboard-data
  $ compliance state build --sealed ./copy-of-the-sealed-hours --out ./dashboard-data
  $ compliance state build --ledger ./copy-of-the-intake --out ./dashboard-data`,
    )
    .action(async (flags: BuildFlags) => {
      const { buildStateAndData } = await import('./build.ts');
      await buildStateAndData(flags);
    });
  state
    .command('show')
    .description('Show the counts of a state, and where sweeps counted other resources.')
    .argument('<folder>', 'folder that `compliance state build` wrote')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance state show ./dashboard-data')
    .action(async (folder: string, flags: ShowFlags) => {
      const { showState } = await import('./show.ts');
      await showState(folder, flags);
    });
  return state;
};
