import { canonical } from '@compliance/core';

import { goodPlan, type Change, type GoodPlan } from './good-plan.ts';

/** The same plan after everything was applied. */
export const applied = (plan: GoodPlan = goodPlan()): GoodPlan => planBetween(plan, plan);

/** The plan that turns the result of one plan into another's. */
export const planBetween = (before: GoodPlan, after: GoodPlan): GoodPlan => {
  const old = new Map(before.resource_changes.map((change) => [change.address, change]));
  const now = new Map(after.resource_changes.map((change) => [change.address, change]));
  return {
    ...after,
    resource_changes: [...new Set([...now.keys(), ...old.keys()])].flatMap((address) =>
      between(old.get(address), now.get(address)),
    ),
    prior_state: {
      values: {
        root_module: {
          ...after.prior_state.values.root_module,
          // Keeps the place of modules that are removed.
          child_modules: [
            ...before.prior_state.values.root_module.child_modules,
            ...after.prior_state.values.root_module.child_modules,
          ],
        },
      },
    },
  };
};

const between = (old: Change | undefined, now: Change | undefined): readonly Change[] => {
  if (!now) {
    if (!old) return [];
    return [
      { ...old, change: { actions: ['delete'], before: readBack(old), after: null, after_unknown: {} } },
    ];
  }
  if (!old) return [now];
  const [before, after] = [readBack(old), readBack(now)];
  const actions = [canonical(before) === canonical(after) ? 'no-op' : 'update'];
  return [{ ...now, change: { actions, before, after, after_unknown: {} } }];
};

/** The provider reads unset values back as empty. */
const readBack = ({ change: { after } }: Change): Record<string, unknown> | null =>
  after &&
  Object.fromEntries(Object.entries(structuredClone(after)).map(([name, value]) => [name, value ?? '']));
