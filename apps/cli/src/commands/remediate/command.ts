import { Command } from 'commander';
import type { RemediateFlags } from './run.ts';

export const remediateCommand = (): Command =>
  new Command('remediate')
    .description(
      'Show what would be done about one resource, with credentials of its account. Writes nothing.',
    )
    .requiredOption('-e, --event <file>', 'the payload of the remediation document (JSON)')
    .option('--apply', 'approve the plan shown, and have the deployed function apply exactly it')
    .option('--operator-profile <name>', 'AWS profile of the master account, for --apply')
    .option('--settings <file>', 'parameters (default: ./compliance.yaml if there is one)')
    .option('--json', 'print the plan as JSON')
    .addHelpText('after', '\nExample:\n  $ compliance remediate --event resource.json')
    .action(async (flags: RemediateFlags) => {
      const { remediate } = await import('./run.ts');
      process.exitCode = await remediate(flags);
    });
