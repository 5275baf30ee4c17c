import { Command } from 'commander';
import type { EvaluateFlags } from './run.ts';

export const evaluateCommand = (): Command =>
  new Command('evaluate')
    .description("Answer one AWS Config event, with credentials of the event's account.")
    .requiredOption('-e, --event <file>', 'the event, as AWS Config sends it (JSON)')
    .option('--put', 'send the evaluations to AWS Config; else they are only printed')
    .option('--settings <file>', 'parameters (default: ./compliance.yaml if there is one)')
    .addHelpText('after', '\nExample:\n  $ compliance evaluate --event change.json')
    .action(async (flags: EvaluateFlags) => {
      const { evaluate } = await import('./run.ts');
      process.exitCode = await evaluate(flags);
    });
