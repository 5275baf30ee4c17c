import { Command } from 'commander';

import type { EvaluateFlags } from './run.ts';

export const evaluateCommand = (): Command =>
  new Command('evaluate')
    .description("Evaluate one AWS Config event with credentials of the event's account.")
    .requiredOption('-e, --event <file>', 'read the event, as AWS Config sends it, from this JSON file')
    .option('--put', 'also send the evaluations to AWS Config')
    .option('--settings <file>', 'read parameters from this file (default: ./compliance.yaml if it exists)')
    .addHelpText(
      'after',
      '\nReads ./exemptions.yaml if it exists.\n\nExample:\n  $ compliance evaluate --event change.json',
    )
    .action(async (flags: EvaluateFlags) => {
      const { evaluate } = await import('./run.ts');
      process.exitCode = await evaluate(flags);
    });
