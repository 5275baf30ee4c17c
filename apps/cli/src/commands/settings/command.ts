import { Command } from 'commander';

import type { SettingsFlags } from './run.ts';

export const settingsCommand = (): Command => {
  const settings = new Command('settings').description('Validate settings and show effective values.');
  settings
    .command('check')
    .description('Validate the file: keys, accounts, groups, rules and their parameters.')
    .option('--settings <file>', 'settings file (default: ./compliance.yaml)')
    .option('--json', 'print the settings with all defaults, as JSON')
    .addHelpText('after', '\nExample:\n  $ compliance settings check')
    .action(async (flags: SettingsFlags) => {
      const { checkSettings } = await import('./run.ts');
      await checkSettings(flags);
    });
  settings
    .command('explain')
    .description('Show the mode and parameters of a rule in an account, and the line that sets each.')
    .argument('<account>', 'account id')
    .argument('<rule>', 'id from `compliance rules list`')
    .option('--settings <file>', 'settings file (default: ./compliance.yaml)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance settings explain 111122223333 S3_ENABLE_VERSIONING')
    .action(async (account: string, rule: string, flags: SettingsFlags) => {
      const { explainSettings } = await import('./run.ts');
      await explainSettings(account, rule, flags);
    });
  settings
    .command('schema')
    .description('Print the JSON schema of the settings file, for completion in editors.')
    .addHelpText('after', '\nExample:\n  $ compliance settings schema > compliance.schema.json')
    .action(async () => {
      const { printSchema } = await import('./run.ts');
      printSchema();
    });
  return settings;
};
