import { Command } from 'commander';

import { fromMaster } from '../master-options.ts';
import type { PlansFlags } from './run.ts';

export const plansCommand = (): Command => {
  const plans = new Command('plans').description(
    'Look at the plans that wait for a decision, or were decided.',
  );
  fromMaster(plans.command('list'))
    .description('List plans, the newest first.')
    .option('--status <status>', 'open, approved, rejected, applied, superseded or all', 'open')
    .option('--account <id>', 'only of this account')
    .addHelpText('after', '\nExample:\n  $ compliance plans list --account 111122223333')
    .action(async (flags: PlansFlags) => {
      const { listPlansOf } = await import('./run.ts');
      await listPlansOf(flags);
    });
  fromMaster(plans.command('show <id>'))
    .description(
      'Show one plan: facts, the exact calls and edits, how it would be undone, what became of it.',
    )
    .addHelpText('after', '\nExample:\n  $ compliance plans show plan-0123456789abcdef')
    .action(async (id: string, flags: PlansFlags) => {
      const { showPlan } = await import('./run.ts');
      await showPlan(id, flags);
    });
  return plans;
};
