import { Command } from 'commander';

import type { PreflightFlags } from './run.ts';

export const preflightCommand = (): Command =>
  new Command('preflight')
    .description(
      'Verify cross-account permissions, roles and packs, in a Terraform plan or (read-only) in AWS.',
    )
    .option(
      '--plan <path>',
      "verify this output of 'terraform show -json', or a folder of such files (default: read from AWS)",
    )
    .option('--settings <file>', 'settings file (default: ./compliance.yaml)')
    .option('--member-role <name>', 'role to assume in each member account', 'OrganizationAccountAccessRole')
    .option('--profile <name>', 'AWS profile of the master account')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ terraform show -json tfplan > plan.json && compliance preflight --plan plan.json',
    )
    .action(async (flags: PreflightFlags) => {
      const { runPreflight } = await import('./run.ts');
      process.exitCode = await runPreflight(flags);
    });
