import { describe, expect, test } from 'vitest';

import { joinPlans, preflight, reviewPlan } from '../src/index.ts';
import { SANDBOX, someRules, someSettings } from './examples.ts';
import { goodPlan, type GoodPlan } from './good-plan.ts';

const desired = { rules: someRules, settings: someSettings() };

/** One plan for each module, as one root for each account and Region gives. */
const apart = (plan: GoodPlan): Record<string, unknown> => {
  const addresses = [...new Set(plan.resource_changes.map(({ module_address: address }) => address))];
  const own = (address: string, path: string) => path.replace(`${address}.`, '').replace(address, '');
  return Object.fromEntries(
    addresses.map((address) => {
      const name = address.replace('module.', '');
      const { child_modules: children, resources } = plan.prior_state.values.root_module;
      const state = children.find((child) => 'address' in child && child.address === address);
      const said = state && 'resources' in state && Array.isArray(state.resources) ? state.resources : [];
      return [
        `state/${name}`,
        {
          ...plan,
          resource_changes: plan.resource_changes
            .filter((change) => change.module_address === address)
            .map((change) => ({
              ...change,
              address: own(address, change.address),
              module_address: undefined,
            })),
          prior_state: {
            values: {
              root_module: {
                resources: [...said, ...(name.startsWith('rollout') ? resources : [])] as unknown[],
              },
            },
          },
          configuration: { root_module: plan.configuration.root_module.module_calls[name]?.module ?? {} },
        },
      ];
    }),
  );
};

describe('plans of many states', () => {
  test('are seen whole together', async () => {
    const plan = joinPlans(apart(goodPlan()));
    expect(await preflight({ ...desired, source: { type: 'plan', plan } })).toMatchObject({
      exitCode: 0,
      json: { findings: [], gaps: [] },
      text: expect.stringContaining('81 checks passed, 2 could not run') as unknown,
    });
  });
  test('show a link that breaks between two of them', () => {
    const plans = apart(goodPlan());
    delete plans[`state/member_${SANDBOX}`];
    const { errors } = reviewPlan(joinPlans(plans), desired);
    // Nothing is said of what is in no plan.
    expect(errors).toEqual([]);
    const plan = goodPlan();
    plan.resource_changes = plan.resource_changes.filter(
      ({ address }) => !address.includes(`aws_lambda_permission.rule["config-${SANDBOX}"]`),
    );
    expect(reviewPlan(joinPlans(apart(plan)), desired).errors).toEqual([
      expect.stringContaining('rule-function-admits-config'),
      expect.stringContaining('rule-function-admits-config'),
    ]);
  });
  test('name their state in every address', () => {
    expect(reviewPlan(joinPlans(apart(goodPlan())), desired).markdown).toContain(
      'module.state/rollout\\_eu-west-1.aws'.replace('\\_', '_'),
    );
  });
  test('of which one is none are refused by its name', () => {
    expect(() => joinPlans({ good: goodPlan(), 'rollout/x': { hello: 'world' } })).toThrow(
      'rollout/x is not a plan',
    );
    expect(() => joinPlans({})).toThrow('There is no plan');
  });
  test('are one errored plan when one of them is', () => {
    const [first, second] = [goodPlan(), { ...goodPlan(), errored: true }];
    expect(reviewPlan(joinPlans({ first, second }), desired).errors).toContain(
      'Terraform could not finish this plan.',
    );
  });
});
