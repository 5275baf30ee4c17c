import { Command } from 'commander';
import type { SettingsFlags } from './run.ts';

export const settingsCommand = (): Command => {
  const settings = new Command('settings').description('Check the settings, and see what they come to.');
  settings
    .command('check')
    .description('Check the file as the functions will: keys, accounts, groups, rules and their parameters.')
    .option('--settings <file>', 'the file (default: ./compliance.yaml)')
    .option('--json', 'print the settings with all defaults, as JSON')
    .addHelpText('after', '\nExample:\n  $ compliance settings check')
    .action(async (flags: SettingsFlags) => {
      const { checkSettings } = await import('./run.ts');
      await checkSettings(flags);
    });
  settings
    .command('explain <account> <rule>')
    .description('Say which mode and parameters apply to a rule in an account, and from which line.')
    .option('--settings <file>', 'the file (default: ./compliance.yaml)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance settings explain 111122223333 S3_ENABLE_VERSIONING')
    .action(async (account: string, rule: string, flags: SettingsFlags) => {
      const { explainSettings } = await import('./run.ts');
      await explainSettings(account, rule, flags);
    });
  settings
    .command('schema')
    .description('Print the JSON schema of the file, for completion in editors.')
    .action(async () => {
      const { printSchema } = await import('./run.ts');
      printSchema();
    });
  return settings;
};
