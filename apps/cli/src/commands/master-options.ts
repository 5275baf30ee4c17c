import type { Command } from 'commander';

/** Adds the options of a command that works in the master account. */
export const addMasterOptions = (command: Command): Command =>
  command
    .option(
      '--region <region>',
      'home Region (default: from ./compliance.yaml, otherwise from the environment)',
    )
    .option('--profile <name>', 'AWS profile of the master account')
    .option('--json', 'print JSON');
