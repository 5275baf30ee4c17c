import { Command } from 'commander';

import type { PreflightFlags } from './run.ts';

export const preflightCommand = (): Command =>
  new Command('preflight')
    .description(
      'Check that everything that must fit does: in a Terraform plan, or read-only in the live accounts.',
    )
    .option(
      '--plan <path>',
      "what 'terraform show -json' wrote, or a folder of such; the live accounts if left out",
    )
    .option('--settings <file>', 'the settings (default: ./compliance.yaml)')
    .option('--member-role <name>', 'role to read with in each account', 'OrganizationAccountAccessRole')
    .option('--profile <name>', 'AWS profile of the master account')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ terraform show -json tfplan > plan.json && compliance preflight --plan plan.json',
    )
    .action(async (flags: PreflightFlags) => {
      const { runPreflight } = await import('./run.ts');
      process.exitCode = await runPreflight(flags);
    });
