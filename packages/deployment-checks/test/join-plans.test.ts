import { describe, expect, test } from 'vitest';

import { joinPlans, preflight } from '../src/index.ts';
import { reviewPlan } from '../src/review/review-plan.ts';
import { SANDBOX, someRules, someSettings } from './examples.ts';
import { goodPlan, type GoodPlan } from './good-plan.ts';

const desired = { rules: someRules, settings: someSettings() };

/** Splits a plan into one plan per module. */
const splitByModule = (plan: GoodPlan): Record<string, unknown> => {
  const addresses = [...new Set(plan.resource_changes.map(({ module_address: address }) => address))];
  const own = (address: string, path: string) => path.replace(`${address}.`, '').replace(address, '');
  return Object.fromEntries(
    addresses.map((address) => {
      const name = address.replace('module.', '');
      const { child_modules: children, resources } = plan.prior_state.values.root_module;
      const state = children.find((child) => 'address' in child && child.address === address);
      const dataSources =
        state && 'resources' in state && Array.isArray(state.resources) ? state.resources : [];
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
                resources: [...dataSources, ...(name.startsWith('rollout') ? resources : [])] as unknown[],
              },
            },
          },
          configuration: { root_module: plan.configuration.root_module.module_calls[name]?.module ?? {} },
        },
      ];
    }),
  );
};

describe('joined plans of several states', () => {
  test('joined plans of several states pass all checks', async () => {
    const plan = joinPlans(splitByModule(goodPlan()));
    expect(await preflight({ ...desired, source: { type: 'plan', plan } })).toMatchObject({
      exitCode: 0,
      json: { findings: [], gaps: [] },
      text: expect.stringMatching(/^\d+ checks passed, 2 could not run/) as unknown,
    });
  });
  test('a problem that spans two joined plans is found', () => {
    const plans = splitByModule(goodPlan());
    delete plans[`state/member_${SANDBOX}`];
    const { errors } = reviewPlan(joinPlans(plans), desired);
    // Checks report nothing about accounts that are in no plan.
    expect(errors).toEqual([]);
    const plan = goodPlan();
    plan.resource_changes = plan.resource_changes.filter(
      ({ address }) => !address.includes(`aws_lambda_permission.rule["config-${SANDBOX}"]`),
    );
    expect(reviewPlan(joinPlans(splitByModule(plan)), desired).errors).toEqual([
      expect.stringContaining('rule-function-admits-config'),
      expect.stringContaining('rule-function-admits-config'),
    ]);
  });
  test('addresses of joined plans name the state', () => {
    expect(reviewPlan(joinPlans(splitByModule(goodPlan())), desired).markdown).toContain(
      'module.state/rollout\\_eu-west-1.aws'.replace('\\_', '_'),
    );
  });
  test('an input that is not a plan is rejected by name', () => {
    expect(() => joinPlans({ good: goodPlan(), 'rollout/x': { hello: 'world' } })).toThrow(
      'rollout/x is not a plan',
    );
    expect(() => joinPlans({})).toThrow('No plans found');
  });
  test('joined plans are errored when one of them is', () => {
    const [first, second] = [goodPlan(), { ...goodPlan(), errored: true }];
    expect(reviewPlan(joinPlans({ first, second }), desired).errors).toContain(
      'Terraform could not complete this plan.',
    );
  });
});
