import type { OperatorRequest } from '@compliance/core';
import { Command } from 'commander';

import { addMasterOptions } from '../master-options.ts';
import type { OperatorActionFlags } from './run.ts';

type Action = OperatorRequest['action'];

/** Creates `approve`, `apply`, `reject` and `undo`; the function in the master account carries them out. */
export const operatorActionCommands = (): Command[] => [
  operatorActionCommand(
    'approve',
    'plan',
    'Approve a plan, so that it can be applied. Records your identity.',
  ),
  operatorActionCommand(
    'apply',
    'plan',
    'Apply an approved plan unless the resource has changed since; verify the result.',
  ),
  operatorActionCommand('reject', 'plan', 'Reject a plan. The finding remains.'),
  operatorActionCommand(
    'undo',
    'change',
    'Revert a change unless the resource was modified since; verify the result.',
  ),
];

const operatorActionCommand = (action: Action, target: 'plan' | 'change', description: string): Command =>
  addMasterOptions(
    new Command(action)
      .description(description)
      .argument(`<${target}-id>`, `id from \`compliance ${target}s list\``)
      .option('--reason <text>', 'reason to record'),
  )
    .addHelpText('after', `\nExample:\n  $ compliance ${action} ${target}-0123456789abcdef`)
    .action(async (id: string, flags: OperatorActionFlags) => {
      const { runOperatorAction } = await import('./run.ts');
      process.exitCode = await runOperatorAction(action, id, flags);
    });
