import { Command, InvalidArgumentError } from 'commander';

import { addMasterOptions } from '../master-options.ts';
import type { StopSwitchAction, StopSwitchFlags } from './run.ts';

export const stopSwitchCommand = (): Command =>
  new Command('stop-switch')
    .description('Stop all fixes in the organization, or allow them again.')
    .addCommand(actionCommand('show', 'Show whether fixes are stopped, and who changed the switch last.'))
    .addCommand(actionCommand('on', 'Stop all fixes in all accounts. Evaluations, plans and undo continue.'))
    .addCommand(actionCommand('off', 'Allow fixes again, according to the settings.'));

const actionCommand = (action: StopSwitchAction, description: string): Command =>
  addMasterOptions(withReason(action, new Command(action)))
    .description(description)
    .addHelpText(
      'after',
      `\nExample:\n  $ compliance stop-switch ${action}${action === 'on' ? ' --reason "SEC-42: a fix broke a build"' : ''}`,
    )
    .action(async (flags: StopSwitchFlags) => {
      const { runStopSwitch } = await import('./run.ts');
      await runStopSwitch(action, flags);
    });

/** SSM keeps it in the description of the parameter, of at most 1,024 characters. */
const MAX_REASON = 900;

const switchReason = (text: string): string => {
  if (text.length > MAX_REASON) throw new InvalidArgumentError(`Use ${MAX_REASON} characters at most.`);
  return text;
};

const withReason = (action: StopSwitchAction, command: Command): Command =>
  action === 'show' ? command : command.option('--reason <text>', 'reason to record', switchReason);
