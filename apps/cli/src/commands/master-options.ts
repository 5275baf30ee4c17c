import type { Command } from 'commander';

/** A command that reads what is kept in the master account. */
export const fromMaster = (command: Command): Command =>
  command
    .option('--region <region>', 'the home Region (default: from ./compliance.yaml, else the environment)')
    .option('--profile <name>', 'AWS profile of the master account')
    .option('--json', 'print JSON');
