import { Command } from 'commander';

interface JsonFlag {
  readonly json?: true;
}

export const rulesCommand = (): Command =>
  new Command('rules')
    .description('What is watched, and why.')
    .addCommand(listCommand())
    .addCommand(showCommand());

const listCommand = () =>
  new Command('list')
    .description('Every rule, a line each.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance rules list')
    .action(async ({ json }: JsonFlag) => {
      const { listRules } = await import('./run.ts');
      process.stdout.write(await listRules({ json: json ?? false }));
    });

const showCommand = () =>
  new Command('show')
    .description('All there is to know of one rule.')
    .argument('<command>', 'as in `compliance rules list`')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance rules show S3_ENABLE_VERSIONING')
    .action(async (command: string, { json }: JsonFlag) => {
      const { showRule } = await import('./run.ts');
      process.stdout.write(await showRule(command, { json: json ?? false }));
    });
