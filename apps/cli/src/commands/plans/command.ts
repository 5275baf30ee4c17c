import { Command, Option } from 'commander';

import { addMasterOptions } from '../master-options.ts';
import { addPlanFilter } from './filter.ts';
import type { ListPlansFlags, PlansFlags } from './run.ts';

const STATUSES = [
  'open',
  'approved',
  'rejected',
  'applied',
  'superseded',
  'all',
] as const satisfies readonly ListPlansFlags['status'][];

export const plansCommand = (): Command => {
  const plans = new Command('plans').description('List and show planned fixes.');
  const list = plans
    .command('list')
    .description('List plans, newest first.')
    .addOption(new Option('--status <status>', 'filter by status').choices(STATUSES).default('open'));
  addMasterOptions(addPlanFilter(list))
    .addHelpText(
      'after',
      '\nExample:\n  $ compliance plans list --account 111122223333 --rule S3_ENABLE_VERSIONING --risk safe --older-than 3',
    )
    .action(async (flags: ListPlansFlags) => {
      const { printPlans } = await import('./run.ts');
      await printPlans(flags);
    });
  addMasterOptions(plans.command('show'))
    .description('Show a plan: facts, exact calls and edits, their undo, and its status.')
    .argument('<plan-id>', 'id from `compliance plans list`')
    .addHelpText('after', '\nExample:\n  $ compliance plans show plan-0123456789abcdef')
    .action(async (id: string, flags: PlansFlags) => {
      const { printPlan } = await import('./run.ts');
      await printPlan(id, flags);
    });
  return plans;
};
