import { describe, expect, test } from 'vitest';

import { PlanJson } from '../src/plan/plan-json.ts';
import { plannedDeployments } from '../src/plan/read-plan.ts';
import { checkIds, parsePolicyDocument, uncovered, runChecks, type Deployment } from '../src/index.ts';
import { HOME, MASTER, SANDBOX, WORKLOAD, ruleNamed, someRules, someSettings } from './examples.ts';
import { goodPlan, type GoodPlan } from './good-plan.ts';
import { MUTATIONS } from './mutations.ts';
import { planBetween } from './plan-between.ts';

const desired = { rules: someRules, settings: someSettings() };
const accountIds = desired.settings.accounts.map(({ id }) => id);
const deploymentOf = (plan: GoodPlan): Deployment =>
  plannedDeployments(PlanJson.parse(plan), { accountIds, masterAccountId: MASTER }).after;
const checksOf = (deployment: Deployment, given: Parameters<typeof runChecks>[1] = desired) => [
  ...new Set(runChecks(deployment, given).findings.map(({ check }) => check)),
];

describe('a plan of all that the product emits', () => {
  const deployment = deploymentOf(goodPlan());

  test('has no broken link', () => {
    expect(runChecks(deployment, desired).findings).toEqual([]);
  });
  test('is seen whole but for what no plan tells', () => {
    expect(deployment.gaps).toEqual([]);
    expect(runChecks(deployment, desired).unchecked.map(({ check }) => check)).toEqual([
      'service-control-denies',
      'service-control-admits',
    ]);
    expect(uncovered(deployment, desired)).toEqual([
      `service control policies: ${WORKLOAD}, ${SANDBOX} (a plan does not tell; preflight without --plan asks AWS)`,
    ]);
  });
  test('is not seen at all when it is empty', () => {
    const nothing = deploymentOf({ ...goodPlan(), resource_changes: [] });
    expect(runChecks(nothing, desired).findings).toEqual([]);
    expect(uncovered(nothing, desired)).toMatchInlineSnapshot(`
      [
        "roles of the functions: 999988887777",
        "table, buckets, topic and stop switch: 999988887777 eu-west-1",
        "event bus of compliance changes, its rule and its log: 999988887777 eu-west-1",
        "functions, their permissions and the SSM document: 999988887777 eu-west-1, 999988887777 us-east-1",
        "log groups: 999988887777 eu-west-1, 999988887777 us-east-1",
        "roles of the members: 111122223333, 444455556666",
        "Config rules: 111122223333 eu-west-1, 111122223333 us-east-1, 444455556666 eu-west-1, 444455556666 us-east-1",
        "recorder and delivery channel: 111122223333 eu-west-1, 111122223333 us-east-1, 444455556666 eu-west-1, 444455556666 us-east-1",
        "rules that forward compliance changes: 111122223333 eu-west-1, 111122223333 us-east-1, 444455556666 eu-west-1, 444455556666 us-east-1",
        "conformance packs: 999988887777 eu-west-1, 999988887777 us-east-1",
        "service control policies: 111122223333, 444455556666 (a plan does not tell; preflight without --plan asks AWS)",
      ]
    `);
  });
});

describe('a broken link is named', () => {
  const good = goodPlan();
  test.for(Object.entries(MUTATIONS))('%s', ([, [spoil, ...checks]]) => {
    const plan = structuredClone(good);
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
    expect(runChecks({ ...good, packs }, desired).findings[0]?.problem).toContain('there is no recorder');
  });
  test('AWS Config is admitted for every account of the world, and the settings want that', () => {
    const settings = someSettings({}, { configAdmission: 'open' });
    const open = deploymentOf(goodPlan(someRules, settings));
    expect(open.permissions.some(({ sourceAccount }) => sourceAccount === undefined)).toBe(true);
    expect(checksOf(open, { ...desired, settings })).toEqual([]);
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
    const rule = ruleNamed('S3_DO_EVERYTHING', { permissions: { list: [], get: [], fix, undo: [] } });
    const rules = [...someRules, rule];
    const deployment = deploymentOf(goodPlan(rules));
    expect(checksOf(deployment, { ...desired, rules })).toEqual(['session-policy-size']);
  });
});

describe('what restricts the roles from above', () => {
  const good = deploymentOf(goodPlan());
  const looks = [WORKLOAD, SANDBOX].map((accountId) => ({ part: 'serviceControl', accountId }) as const);
  const under = (...statements: readonly object[]): Deployment => ({
    ...good,
    coverage: [...good.coverage, ...looks],
    serviceControlPolicies: [
      {
        accountId: WORKLOAD,
        levels: [
          {
            targetId: 'r-root',
            policies: [{ name: 'guard-rail', document: parsePolicyDocument({ Statement: statements }) }],
          },
        ],
      },
    ],
  });
  const ALL = { Effect: 'Allow', Action: '*', Resource: '*' };
  const deny = (parts: object) => ({ Effect: 'Deny', Action: 's3:Put*', Resource: '*', ...parts });
  const exceptRole = (pattern: string) => ({ ArnNotLike: { 'aws:PrincipalArn': pattern } });

  test.for<readonly [string, object, 'denied' | 'free' | 'unknown']>([
    ['an action that a fix makes', deny({}), 'denied'],
    ['all but some actions', { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' }, 'denied'],
    ['an action that nobody needs', deny({ Action: 'ec2:RunInstances' }), 'free'],
    [
      'what it needs, but not to our roles',
      deny({ Condition: exceptRole('arn:aws:iam::*:role/compliance-*') }),
      'free',
    ],
    [
      'what it needs, but not to other roles',
      deny({ Condition: exceptRole('arn:aws:iam::*:role/admin') }),
      'denied',
    ],
    [
      'what it needs in other Regions',
      deny({ Condition: { StringNotEquals: { 'aws:RequestedRegion': [HOME, 'us-east-1'] } } }),
      'free',
    ],
    [
      'what it needs outside the home Region',
      deny({ Condition: { StringNotEquals: { 'aws:RequestedRegion': HOME } } }),
      'denied',
    ],
    ['what it needs on one bucket', deny({ Resource: 'arn:aws:s3:::trail' }), 'unknown'],
    [
      'what it needs on all but one bucket',
      deny({ Resource: undefined, NotResource: 'arn:aws:s3:::free' }),
      'unknown',
    ],
    [
      'what it needs of resources with a tag',
      deny({ Condition: { StringEquals: { 'aws:ResourceTag/x': 'y' } } }),
      'unknown',
    ],
  ])('a service control policy denies %s', ([, statement, expected]) => {
    // The fix is made in mode auto.
    const settings = someSettings({ rules: { S3_KEEP_VERSIONS: { mode: 'auto' } } });
    const { failed, unchecked } = runChecks(under(ALL, statement), { ...desired, settings });
    expect(failed.includes('service-control-denies')).toBe(expected === 'denied');
    expect(unchecked.map(({ check }) => check).includes('service-control-denies')).toBe(
      expected === 'unknown',
    );
  });
  test('a level that allows too little denies the rest', () => {
    const { findings } = runChecks(under({ Effect: 'Allow', Action: 's3:*', Resource: '*' }), desired);
    expect(new Set(findings.map(({ check }) => check))).toEqual(new Set(['service-control-admits']));
    expect(findings[0]?.problem).toContain('No service control policy at r-root allows');
  });
  test('nothing holds for the management account', () => {
    const policies = under(ALL, deny({ Action: '*' })).serviceControlPolicies;
    const ofMaster = policies.map((control) => ({ ...control, accountId: MASTER }));
    expect(checksOf({ ...good, serviceControlPolicies: ofMaster })).toEqual([]);
  });
  test('an account that may not own packs is named with the command that lets it', () => {
    const organization = {
      ...good.organization,
      managementAccountId: '123412341234',
      administeredServices: ['config.amazonaws.com'],
    };
    const administration = { part: 'administration', accountId: MASTER } as const;
    const { findings } = runChecks(
      { ...good, organization, coverage: [...good.coverage, administration] },
      desired,
    );
    expect(findings.map(({ check }) => check)).toEqual(['pack-completion-seen', 'pack-owner']);
    expect(findings[1]?.remedy).toContain('--service-principal config-multiaccountsetup.amazonaws.com');
  });
});

describe('what nobody can tell', () => {
  const good = deploymentOf(goodPlan());
  const uncheckedIn = (deployment: Deployment) =>
    runChecks(deployment, desired)
      .unchecked.map(({ check }) => check)
      .filter((check) => !check.startsWith('service-control'));

  test('what is known only after apply of a function is said to be unchecked', () => {
    const functions = good.functions.map(({ name, accountId, region }) => ({ name, accountId, region }));
    expect(uncheckedIn({ ...good, functions })).toEqual([
      'function-runtime',
      'function-environment',
      'function-role',
    ]);
  });
  test('what is known only after apply of a role is said to be unchecked', () => {
    const roles = good.roles.map(({ name, accountId }) => ({ name, accountId }));
    expect(uncheckedIn({ ...good, roles })).toEqual([
      'role-not-public',
      'member-role-trusts-master',
      'member-role-trusts-execution-role',
      'member-role-external-id',
      'automation-role-trust',
      'forwarding-role-trust',
      'execution-role-trust',
      'role-policy-covers',
      'role-policy-narrow',
      'role-policy-plain',
      'role-policy-size',
    ]);
  });
  test('what is known only after apply of forwarding is said to be unchecked', () => {
    const eventRules = good.eventRules.map((rule) => ({
      ...rule,
      pattern: null,
      targets: [{ arn: null, roleArn: null }],
    }));
    const eventBuses = good.eventBuses.map((bus) => ({ ...bus, policy: undefined }));
    const logPolicies = good.logPolicies.map((policy) => ({ ...policy, document: undefined }));
    expect(uncheckedIn({ ...good, eventRules, eventBuses, logPolicies })).toEqual([
      'forwarding-rule-pattern',
      'forwarding-rule-target',
      'event-bus-admits-members',
      'event-bus-rule',
      'event-bus-target',
      'changes-log-admits-events',
    ]);
  });
  test('whom a condition of the event bus admits is said to be unchecked', () => {
    const eventBuses = good.eventBuses.map((bus) => ({
      ...bus,
      policy: parsePolicyDocument({
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 'events:PutEvents',
            Resource: '*',
            Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3/r-root/*' } },
          },
        ],
      }),
    }));
    expect(checksOf({ ...good, eventBuses })).toEqual([]);
    expect(uncheckedIn({ ...good, eventBuses })).toEqual(['event-bus-admits-members']);
  });
  test('the rules of an account that forwards are said to be unchecked where they were not shown', () => {
    const looks = good.coverage.filter(({ part }) => part !== 'forwarding');
    expect(uncheckedIn({ ...good, coverage: looks })).toEqual([
      'forwarding-rule-on',
      'forwarding-rule-pattern',
      'forwarding-rule-target',
    ]);
  });
  test('what a boundary leaves of a role is said to be unchecked', () => {
    const roles = good.roles.map((role) => ({ ...role, boundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }));
    expect(uncheckedIn({ ...good, roles })).toEqual(['role-policy-covers']);
  });
  test('what is known only after apply of documents and packs is said to be unchecked', () => {
    const documents = good.documents.map((document) => ({ ...document, content: undefined }));
    const packs = good.packs.map((pack) => ({ ...pack, bytes: undefined, ruleNames: undefined }));
    expect(uncheckedIn({ ...good, documents, packs })).toEqual([
      'document-as-emitted',
      'pack-template-size',
      'pack-rule-count',
    ]);
  });
});

test('every check has passed, or failed, or could not run everywhere; perhaps both of these', () => {
  const plan = goodPlan();
  MUTATIONS['a recorder is stopped']?.[0](plan);
  const deployment = deploymentOf(plan);
  const looks = deployment.coverage.filter(
    ({ part, accountId }) => part !== 'recorders' || accountId === WORKLOAD,
  );
  const { passed, failed, unchecked } = runChecks({ ...deployment, coverage: looks }, desired);
  const blind = unchecked.map(({ check }) => check);
  expect([...new Set([...passed, ...failed, ...blind])].toSorted()).toEqual(checkIds.toSorted());
  expect(passed.filter((check) => failed.includes(check) || blind.includes(check))).toEqual([]);
  expect(failed).toEqual(['recorder-on']);
  expect(blind).toContain('recorder-on');
});

test('every check names some broken link of these tests', () => {
  const proven = new Set<string>(Object.values(MUTATIONS).flatMap(([, ...checks]) => checks));
  const unproven = checkIds.filter((check) => !proven.has(check));
  // Those that the tests above name.
  expect(unproven.toSorted()).toEqual([
    'document-version-current',
    'function-policy-size',
    'pack-arrived',
    'pack-owner',
    'service-control-admits',
    'service-control-denies',
    'session-policy-size',
  ]);
});

test('an account without an organization admits its accounts one by one', () => {
  const settings = someSettings({}, { id: undefined });
  const deployment = deploymentOf(goodPlan(someRules, settings));
  expect(runChecks(deployment, { rules: someRules, settings }).findings).toEqual([]);
});

test('accounts that do not forward lack nothing, and may do so one by one', () => {
  const plan = goodPlan();
  plan.resource_changes = plan.resource_changes.filter(
    ({ module_address: address, name, type }) =>
      !(address.includes(WORKLOAD) && (name === 'compliance_forward_changes' || type.includes('_event_'))),
  );
  const deployment = deploymentOf(plan);
  const { findings, unchecked } = runChecks(deployment, desired);
  expect(findings).toEqual([]);
  expect(unchecked.map(({ check }) => check)).toEqual(['service-control-denies', 'service-control-admits']);
  const nobody = {
    ...deployment,
    eventRules: [],
    eventBuses: [],
    roles: deployment.roles.filter(({ name }) => name !== 'compliance-forward-changes'),
  };
  expect(checksOf(nobody)).toEqual([]);
});

test('a plan that ends forwarding in one Region alone is named', () => {
  const before = goodPlan();
  const after = goodPlan();
  after.resource_changes = after.resource_changes.filter(
    ({ module_address: address, type }) => !(address.includes('us-east-1') && type.includes('_event_')),
  );
  expect(checksOf(deploymentOf(planBetween(before, after)))).toEqual(['forwarding-rule-on']);
});

test('a rule that is off in every account needs no Config rule and no recorder', () => {
  const settings = someSettings({ rules: { EC2_CLOSE_PORTS: { mode: 'off' } } });
  const plan = goodPlan(someRules, settings);
  expect(JSON.stringify(plan)).not.toContain('AWS::EC2::SecurityGroup');
  expect(runChecks(deploymentOf(plan), { rules: someRules, settings }).findings).toEqual([]);
});
