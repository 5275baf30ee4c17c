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

/** Adds the option that names another ledger than the deployment's, such as a copy. */
export const addLedgerOption = (command: Command): Command =>
  command.option('--ledger <place>', "folder, or s3://bucket (default: the deployment's)");
