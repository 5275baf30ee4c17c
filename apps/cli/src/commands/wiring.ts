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
  readonly json?: true;
}

export const preflightCommand = (): Command =>
  new Command('preflight')
    .description(
      'Check that everything that must fit does: in a Terraform plan, or read-only in the live accounts.',
    )
    .option('--plan <file>', "what 'terraform show -json' wrote; the live accounts if left out")
    .option('--settings <file>', 'the settings (default: ./compliance.yaml)')
    .option('--member-role <name>', 'role to read with in each account', 'OrganizationAccountAccessRole')
    .option('--profile <name>', 'AWS profile of the master account')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ terraform show -json tfplan > plan.json && compliance preflight --plan plan.json',
    )
    .action(async (flags: PreflightFlags) => {
      const { runPreflight } = await import('../wiring.ts');
      process.exitCode = await runPreflight(flags);
    });

export const reviewCommand = (): Command =>
  new Command('review')
    .description(
      'Say in Markdown what a Terraform plan changes, widens and may cost. Fails when its wiring is broken.',
    )
    .argument('<plan>', "what 'terraform show -json' wrote")
    .option('--settings <file>', 'the settings (default: ./compliance.yaml)')
    .option('--settings-before <file>', 'the settings as they are deployed now')
    .option('--json', 'print errors and findings as JSON')
    .addHelpText('after', '\nExample:\n  $ compliance review plan.json > review.md')
    .action(async (plan: string, flags: ReviewFlags) => {
      const { runReview } = await import('../wiring.ts');
      process.exitCode = await runReview(plan, flags);
    });
