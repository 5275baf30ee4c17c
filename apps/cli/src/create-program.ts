import { Command } from 'commander';

import { changesCommand } from './commands/changes/command.ts';
import { completionCommands } from './commands/completion.ts';
import { dashboardCommand } from './commands/dashboard/command.ts';
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
import { stateCommand } from './commands/state/command.ts';
import { stopSwitchCommand } from './commands/stop-switch/command.ts';
import { addVersion } from './commands/version.ts';
import { COMMAND_ENDS, describeExitCodes } from './output/exit-codes.ts';

/** Creates `compliance` with all of its commands. */
export const createProgram = (): Command => {
  const program = createOthers();
  const { shown, hidden } = completionCommands(createOthers);
  program.addCommand(shown.helpGroup('Other:'));
  for (const [path, command] of leavesOf(program))
    command.addHelpText('after', `\nExit codes: ${describeExitCodes(COMMAND_ENDS[path])}.`);
  return program.addCommand(hidden, { hidden: true });
};

/** Creates all commands except those that complete words. */
const createOthers = (): Command => {
  const program = new Command('compliance')
    .description('Find violations of compliance rules in AWS accounts; plan, apply and undo their fixes.')
    .option('--debug', 'print the stack traces of errors')
    .commandsGroup('Other:')
    .helpCommand('help [command]', 'display help for command')
    .addHelpText(
      'after',
      `
Credentials and Region are resolved as in the AWS CLI; AWS_ENDPOINT_URL is supported.
Exit codes: ${describeExitCodes()}.

Example:
  $ compliance scan --region eu-west-1 --fail-on high`,
    );
  addVersion(program);
  for (const [heading, commands] of Object.entries(groups()))
    for (const command of commands) program.addCommand(command.helpGroup(heading));
  return program;
};

const groups = (): Readonly<Record<string, readonly Command[]>> => ({
  'Rules and findings:': [
    rulesCommand(),
    frameworksCommand(),
    scanCommand(),
    evaluateCommand(),
    remediateCommand(),
    dashboardCommand(),
  ],
  'Plans and changes:': [
    plansCommand(),
    ...operatorActionCommands(),
    changesCommand(),
    ledgerCommand(),
    stateCommand(),
    stopSwitchCommand(),
  ],
  'Settings:': [settingsCommand(), exemptionsCommand()],
  'Deployment:': [preflightCommand(), reviewCommand()],
  'Other:': [demoCommand()],
});

/** The commands that do something, by their words: `plans list`. */
export const leavesOf = ({ commands }: Command): readonly (readonly [string, Command])[] =>
  commands.flatMap((command) =>
    command.commands.length === 0
      ? [[command.name(), command] as const]
      : leavesOf(command).map(([path, leaf]) => [`${command.name()} ${path}`, leaf] as const),
  );
