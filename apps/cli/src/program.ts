import { Command } from 'commander';

import { changesCommand } from './commands/changes/command.ts';
import { demoCommand } from './commands/demo.ts';
import { evaluateCommand } from './commands/evaluate/command.ts';
import { exemptionsCommand } from './commands/exemptions/command.ts';
import { frameworksCommand } from './commands/frameworks/command.ts';
import { ledgerCommand } from './commands/ledger/command.ts';
import { operatorActionCommands } from './commands/operator-action/command.ts';
import { plansCommand } from './commands/plans/command.ts';
import { preflightCommand } from './commands/preflight/command.ts';
import { remediateCommand } from './commands/remediate/command.ts';
import { reviewCommand } from './commands/review/command.ts';
import { rulesCommand } from './commands/rules/command.ts';
import { scanCommand } from './commands/scan/command.ts';
import { settingsCommand } from './commands/settings/command.ts';
import { stopSwitchCommand } from './commands/stop-switch/command.ts';
import { runProgram } from './run-program.ts';

const GROUPS: Readonly<Record<string, readonly Command[]>> = {
  'Rules and findings:': [
    rulesCommand(),
    frameworksCommand(),
    scanCommand(),
    evaluateCommand(),
    remediateCommand(),
  ],
  'Plans and changes:': [
    plansCommand(),
    ...operatorActionCommands(),
    changesCommand(),
    ledgerCommand(),
    stopSwitchCommand(),
  ],
  'Settings:': [settingsCommand(), exemptionsCommand()],
  'Deployment:': [preflightCommand(), reviewCommand()],
  'Other:': [demoCommand()],
};

const program = new Command('compliance')
  .description('Find violations of compliance rules in AWS accounts; plan, apply and undo their fixes.')
  .option('--debug', 'print the stack traces of errors')
  .commandsGroup('Other:')
  .helpCommand('help [command]', 'display help for command')
  .addHelpText(
    'after',
    `
Credentials and Region are resolved as in the AWS CLI; AWS_ENDPOINT_URL is supported.
Exit codes: 0 success; 1 findings (such as with --fail-on); 2 invalid usage or input; 3 AWS refused or failed.

Example:
  $ compliance scan --region eu-west-1 --fail-on high`,
  );
for (const [heading, commands] of Object.entries(GROUPS))
  for (const command of commands) program.addCommand(command.helpGroup(heading));

await runProgram(program, process.argv);
