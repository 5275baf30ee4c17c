import { Command } from 'commander';

import type { RemediateFlags } from './run.ts';

export const remediateCommand = (): Command =>
  new Command('remediate')
    .description(
      "Plan the fix of one resource with credentials of the resource's account. Writes nothing without --apply.",
    )
    .requiredOption('-e, --event <file>', 'read the payload of the remediation document from this JSON file')
    .option('--apply', 'approve the plan and apply it through the deployed function')
    .option('--operator-profile <name>', 'AWS profile of the master account, for --apply')
    .option(
      '--settings <file>',
      'read parameters and exclusions from this file (default: ./compliance.yaml if it exists)',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nReads ./exemptions.yaml if it exists.\n\nExample:\n  $ compliance remediate --event resource.json',
    )
    .action(async (flags: RemediateFlags) => {
      const { remediate } = await import('./run.ts');
      process.exitCode = await remediate(flags);
    });
