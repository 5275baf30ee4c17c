import type { OperatorRequest } from '@compliance/core';
import { Command } from 'commander';
import type { OperatorActionFlags } from './run.ts';

const DECISIONS = {
  approve: ['<plan id>', 'Release a plan: exactly this one may then be applied. Records who you are.'],
  apply: [
    '<plan id>',
    'Apply an approved plan, if the resource is still as the plan found it, and verify it.',
  ],
  reject: ['<plan id>', 'Refuse a plan; the finding stays.'],
  undo: ['<change id>', 'Take a change back, if nobody touched since what it had touched, and verify it.'],
} as const satisfies Record<OperatorRequest['action'], readonly [string, string]>;

/** `approve`, `apply`, `reject` and `undo`: decisions that the function in the master account carries out. */
export const operatorActionCommands = (): Command[] =>
  Object.entries(DECISIONS).map(([action, [argument, description]]) =>
    new Command(action)
      .description(description)
      .argument(argument)
      .option('--reason <text>', 'why, for the record')
      .option('--region <region>', 'the home Region (default: from ./compliance.yaml, else the environment)')
      .option('--profile <name>', 'AWS profile of the master account')
      .option('--json', 'print the answer as JSON')
      .addHelpText(
        'after',
        `\nExample:\n  $ compliance ${action} ${argument.includes('plan') ? 'plan' : 'change'}-0123456789abcdef`,
      )
      .action(async (id: string, flags: OperatorActionFlags) => {
        const { runOperatorAction: decide } = await import('./run.ts');
        // The keys of DECISIONS are the actions.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
        process.exitCode = await decide(action as OperatorRequest['action'], id, flags);
      }),
  );
