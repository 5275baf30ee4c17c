import type { OperatorRequest } from '@compliance/core';
import { Command } from 'commander';

import { addMasterOptions } from '../master-options.ts';
import { addPlanFilter } from '../plans/filter.ts';
import type { DecideManyFlags } from './decide-many.ts';
import type { OperatorActionFlags } from './run.ts';

type Action = OperatorRequest['action'];

/** Creates `approve`, `apply`, `reject` and `undo`; the function in the master account carries them out. */
export const operatorActionCommands = (): Command[] => [
  decisionCommand(
    'approve',
    'Approve a plan, or all that match, so that they can be applied. Records your identity.',
  ),
  operatorActionCommand(
    'apply',
    'plan',
    'Apply an approved plan unless the resource has changed since; verify the result.',
  ),
  decisionCommand('reject', 'Reject a plan, or all that match. The finding remains.'),
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

/** Creates a command that decides one plan, or all open plans that its options select. */
const decisionCommand = (action: 'approve' | 'reject', description: string): Command =>
  addMasterOptions(
    addPlanFilter(
      new Command(action)
        .description(description)
        .argument('[plan-id]', 'id from `compliance plans list`')
        .option('--reason <text>', 'reason to record'),
    )
      .option('--dry-run', 'only list the plans that match')
      .option('--yes', 'do not ask'),
  )
    .addHelpText(
      'after',
      `
Without an id, the options select among the open plans: they are listed, and decided after one question.

Examples:
  $ compliance ${action} plan-0123456789abcdef
  $ compliance ${action} --rule S3_ENABLE_VERSIONING --account 111122223333 --risk safe --dry-run`,
    )
    .action(async (id: string | undefined, flags: DecideManyFlags) => {
      const { runDecision } = await import('./decide-many.ts');
      process.exitCode = await runDecision(action, id, flags);
    });
