import { Command } from 'commander';

import { fromMaster } from '../master-options.ts';
import type { StopSwitchAction, StopSwitchFlags } from './run.ts';

const POSITIONS = {
  show: 'Say whether fixes are stopped, and who turned the switch last.',
  on: 'Stop every fix in every account, from the next one on. Plans, verdicts and undo go on.',
  off: 'Let fixes run again, as the settings say.',
} as const satisfies Record<StopSwitchAction, string>;

/** The organization's stop switch, which the functions read before every fix. */
export const stopSwitchCommand = (): Command => {
  const stopSwitch = new Command('stop-switch').description(
    'Stop every fix in the organization at once, and let them run again.',
  );
  for (const [action, description] of Object.entries(POSITIONS))
    fromMaster(stopSwitch.command(action))
      .description(description)
      .addHelpText('after', `\nExample:\n  $ compliance stop-switch ${action}`)
      .action(async (flags: StopSwitchFlags) => {
        const { turnStopSwitch } = await import('./run.ts');
        // The keys of POSITIONS are the actions.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
        await turnStopSwitch(action as StopSwitchAction, flags);
      });
  return stopSwitch;
};
