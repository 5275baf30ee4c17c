import { Command } from 'commander';

interface JsonFlag {
  readonly json?: true;
}

export const rulesCommand = (): Command =>
  new Command('rules')
    .description('List and describe rules.')
    .addCommand(listCommand())
    .addCommand(showCommand());

const listCommand = () =>
  new Command('list')
    .description('List all rules with severity and title.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance rules list')
    .action(async ({ json }: JsonFlag) => {
      const { listRules } = await import('./run.ts');
      process.stdout.write(await listRules({ json: json ?? false }));
    });

const showCommand = () =>
  new Command('show')
    .description('Show a rule: rationale, fix, undo, parameters and permissions.')
    .argument('<rule>', 'id from `compliance rules list`')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance rules show S3_ENABLE_VERSIONING')
    .action(async (rule: string, { json }: JsonFlag) => {
      const { showRule } = await import('./run.ts');
      process.stdout.write(await showRule(rule, { json: json ?? false }));
    });
