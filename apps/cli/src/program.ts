import { Command } from 'commander';

import { changesCommand } from './commands/changes/command.ts';
import { demoCommand } from './commands/demo.ts';
import { evaluateCommand } from './commands/evaluate/command.ts';
import { exemptionsCommand } from './commands/exemptions/command.ts';
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

const program = new Command('compliance')
  .description('Continuous compliance for AWS: rules that watch, explain, and fix what can be fixed safely.')
  .option('--debug', 'print the stacks of errors')
  .addHelpText(
    'after',
    `
Credentials and Region come from where the AWS CLI takes them; AWS_ENDPOINT_URL is honoured.
Exit codes: 0 done; 1 findings (with --fail-on); 2 wrong usage or input; 3 AWS refused or could not be reached.

Example:
  $ compliance scan --region eu-west-1 --fail-on high`,
  )
  .addCommand(rulesCommand())
  .addCommand(scanCommand())
  .addCommand(evaluateCommand())
  .addCommand(remediateCommand())
  .addCommand(plansCommand())
  .addCommand(changesCommand())
  .addCommand(exemptionsCommand())
  .addCommand(settingsCommand())
  .addCommand(stopSwitchCommand())
  .addCommand(preflightCommand())
  .addCommand(reviewCommand())
  .addCommand(demoCommand());
for (const command of operatorActionCommands()) program.addCommand(command);

await runProgram(program, process.argv);
