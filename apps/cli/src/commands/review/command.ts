import { Command } from 'commander';

export interface PreflightFlags {
  readonly plan?: string;
  readonly settings?: string;
  readonly memberRole: string;
  readonly profile?: string;
  readonly json?: true;
}

export interface ReviewFlags {
  readonly settings?: string;
  readonly settingsBefore?: string;
  readonly base?: string;
  readonly out?: string;
  readonly comment?: string;
  readonly json?: true;
}

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
