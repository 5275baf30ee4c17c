import { Command } from 'commander';
import type { ReviewFlags } from './run.ts';

export const reviewCommand = (): Command =>
  new Command('review')
    .description(
      'Say in Markdown what a Terraform plan changes, widens and may cost. Fails when its wiring is broken.',
    )
    .argument('<plan>', "what 'terraform show -json' wrote, or a folder of such, as make plan leaves it")
    .option('--settings <file>', 'the settings (default: ./compliance.yaml)')
    .option('--settings-before <file>', 'the settings as they are deployed now')
    .option('--base <commit>', 'take the settings before from this commit of git, as HEAD^ or origin/main')
    .option('--out <file>', 'write the review there, too')
    .option('--comment <file>', 'write it there, too, as short as a comment on GitHub must be')
    .option('--json', 'print errors and findings as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ make plan && compliance review .compliance/aws/plans --base origin/main > review.md',
    )
    .action(async (plan: string, flags: ReviewFlags) => {
      const { runReview } = await import('./run.ts');
      process.exitCode = await runReview(plan, flags);
    });
