import { Command } from 'commander';

import type { ReviewFlags } from './run.ts';

export const reviewCommand = (): Command =>
  new Command('review')
    .description(
      'Review a Terraform plan in Markdown: what it changes, widens and may cost. Fails if a cross-account link is broken, or, with exit code 2, if there are no settings to compare with.',
    )
    .argument(
      '<plan>',
      "output of 'terraform show -json', or a folder of such files, such as from 'make plan'",
    )
    .option('--settings <file>', 'settings file (default: ./compliance.yaml)')
    .option(
      '--settings-before <file>',
      'settings that are deployed now, with the exemptions beside them; make plan keeps those that are published',
    )
    .option('--base <commit>', 'read the deployed settings from this commit, such as HEAD^ or origin/main')
    .option('--out <file>', 'also write the review to this file')
    .option('--comment <file>', 'also write a review that fits into a GitHub comment')
    .option('--json', 'print errors and findings as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ make plan && compliance review .compliance/aws/plans --base origin/main > review.md',
    )
    .action(async (plan: string, flags: ReviewFlags) => {
      const { runReview } = await import('./run.ts');
      process.exitCode = await runReview(plan, flags);
    });
