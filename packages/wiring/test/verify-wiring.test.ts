import { describe, expect, test } from 'vitest';

import { PlanJson } from '../src/plan/plan-json.ts';
import { readPlan } from '../src/plan/read-plan.ts';
import { checkIds, unseen, verifyWiring, type Deployment } from '../src/index.ts';
import { WORKLOAD, ruleNamed, someRules, someSettings } from './examples.ts';
import { goodPlan, type GoodPlan } from './good-plan.ts';
import { MUTATIONS } from './mutations.ts';

const intent = { rules: someRules, settings: someSettings() };
const accountIds = intent.settings.accounts.map(({ id }) => id);
const deploymentOf = (plan: GoodPlan): Deployment => readPlan(PlanJson.parse(plan), { accountIds }).after;
const checksOf = (deployment: Deployment, given: Parameters<typeof verifyWiring>[1] = intent) => [
  ...new Set(verifyWiring(deployment, given).map(({ check }) => check)),
];

describe('a plan of all that the product emits', () => {
  const deployment = deploymentOf(goodPlan());

  test('has no broken link', () => {
    expect(verifyWiring(deployment, intent)).toEqual([]);
  });
  test('is seen whole, without a gap', () => {
    expect(unseen(deployment, intent)).toEqual([]);
    expect(deployment.gaps).toEqual([]);
  });
  test('is not seen at all when it is empty', () => {
    const nothing = deploymentOf({ ...goodPlan(), resource_changes: [] });
    expect(verifyWiring(nothing, intent)).toEqual([]);
    expect(unseen(nothing, intent)).toMatchInlineSnapshot(`
      [
        "roles of the functions: 999988887777",
        "table, buckets, topic and stop switch: 999988887777 eu-west-1",
        "functions, their permissions and the SSM document: 999988887777 eu-west-1, 999988887777 us-east-1",
        "log groups: 999988887777 eu-west-1, 999988887777 us-east-1",
        "roles of the members: 111122223333, 444455556666",
        "Config rules: 111122223333 eu-west-1, 111122223333 us-east-1, 444455556666 eu-west-1, 444455556666 us-east-1",
        "recorder and delivery channel: 111122223333 eu-west-1, 111122223333 us-east-1, 444455556666 eu-west-1, 444455556666 us-east-1",
      ]
    `);
  });
});

describe('a broken link is named', () => {
  test.for(Object.entries(MUTATIONS))('%s', ([, [spoil, ...checks]]) => {
    const plan = goodPlan();
    spoil(plan);
    expect(checksOf(deploymentOf(plan)).toSorted()).toEqual(checks.toSorted());
  });
});

describe('a broken link that no plan shows is named', () => {
  const good = deploymentOf(goodPlan());

  test('members run an older version of the document', () => {
    const documents = good.documents.map((document) => ({
      ...document,
      defaultVersion: '1',
      latestVersion: '2',
    }));
    expect(checksOf({ ...good, documents })).toEqual(['document-version-current']);
  });
  test('a pack did not arrive in an account', () => {
    const failures = [{ accountId: WORKLOAD, reason: 'there is no recorder' }];
    const packs = good.packs.map((pack) => ({ ...pack, failures }));
    expect(checksOf({ ...good, packs })).toEqual(['pack-arrived']);
    expect(verifyWiring({ ...good, packs }, intent)[0]?.problem).toContain('there is no recorder');
  });
  test('AWS Config is admitted for every account of the world, and the settings want that', () => {
    const settings = someSettings({}, { configAdmission: 'open' });
    const open = deploymentOf(goodPlan(someRules, settings));
    expect(open.permissions.some(({ sourceAccount }) => sourceAccount === undefined)).toBe(true);
    expect(checksOf(open, { ...intent, settings })).toEqual([]);
    expect(checksOf(open)).toEqual(['function-permission-scoped']);
  });
  test('the permissions outgrow the policy of a function', () => {
    const [permission] = good.permissions;
    if (!permission) throw new Error('There is no permission.');
    const permissions = [...good.permissions, ...Array.from({ length: 80 }, () => permission)];
    expect(checksOf({ ...good, permissions })).toEqual(['function-policy-size']);
  });
  test('the session policy of a rule outgrows what STS takes', () => {
    const fix = Array.from({ length: 60 }, (_, index) => `s3:PutSomethingThatNeedsWords${index}`);
    const rule = ruleNamed('S3_DO_EVERYTHING', { permissions: { list: [], one: [], fix, undo: [] } });
    const rules = [...someRules, rule];
    const deployment = deploymentOf(goodPlan(rules));
    expect(checksOf(deployment, { ...intent, rules })).toEqual(['session-policy-size']);
  });
});

test('every check names some broken link of these tests', () => {
  const proven = new Set<string>(Object.values(MUTATIONS).flatMap(([, ...checks]) => checks));
  const unproven = checkIds.filter((check) => !proven.has(check));
  // Those of the tests just above.
  expect(unproven.toSorted()).toEqual([
    'document-version-current',
    'function-policy-size',
    'pack-arrived',
    'session-policy-size',
  ]);
});

test('an account without an organization admits its accounts one by one', () => {
  const settings = someSettings({}, { id: undefined });
  expect(verifyWiring(deploymentOf(goodPlan(someRules, settings)), { rules: someRules, settings })).toEqual(
    [],
  );
});

test('a rule that is off in every account needs no Config rule and no recorder', () => {
  const settings = someSettings({ rules: { EC2_CLOSE_PORTS: { mode: 'off' } } });
  const plan = goodPlan(someRules, settings);
  expect(JSON.stringify(plan)).not.toContain('AWS::EC2::SecurityGroup');
  expect(verifyWiring(deploymentOf(plan), { rules: someRules, settings })).toEqual([]);
});
