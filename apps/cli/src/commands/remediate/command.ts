import { Command, Option } from 'commander';

import { accountId } from '../arguments.ts';
import type { RemediateFlags } from './run.ts';

export const remediateCommand = (): Command =>
  new Command('remediate')
    .description(
      "Plan the fix of one resource with credentials of the resource's account. Writes nothing without --apply.",
    )
    .option('-r, --rule <id>', 'the rule that the resource violates')
    .option('--resource <id>', 'id, name or ARN of the resource')
    .option('--account <id>', 'fail unless the credentials are of this account', accountId)
    .option('--region <region>', 'Region of the resource (default: from the environment)')
    .addOption(
      new Option(
        '-e, --event <file>',
        'read the payload of the remediation document from this JSON file instead',
      ).conflicts(['rule', 'resource', 'account', 'region']),
    )
    .option('--apply', 'approve the plan and apply it through the deployed function')
    .option('--operator-profile <name>', 'AWS profile of the master account, for --apply')
    .option(
      '--settings <file>',
      'read parameters and exclusions from this file (default: ./compliance.yaml if it exists)',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nReads ./exemptions.yaml if it exists.\n\nExample:\n  $ compliance remediate --rule S3_ENABLE_VERSIONING --resource my-bucket',
    )
    .action(async (flags: RemediateFlags) => {
      const { remediate } = await import('./run.ts');
      process.exitCode = await remediate(flags);
    });
