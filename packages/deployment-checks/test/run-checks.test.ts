import { describe, expect, test } from 'vitest';

import { checkIds, runChecks } from '../src/checks/run-checks.ts';
import { uncovered } from '../src/checks/uncovered.ts';
import type { Deployment } from '../src/model/deployment.ts';
import { parsePolicyDocument } from '../src/model/policy-document.ts';
import { PlanJson } from '../src/plan/plan-json.ts';
import { plannedDeployments } from '../src/plan/planned-deployments.ts';
import { HOME, MASTER, ruleNamed, SANDBOX, someRules, someSettings, WORKLOAD } from './examples.ts';
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

describe('checks of a plan of everything that the product emits', () => {
  const deployment = deploymentOf(goodPlan());

  test('a plan of everything that the product emits has no problem', () => {
    expect(runChecks(deployment, desired).findings).toEqual([]);
  });
  test('a complete plan covers everything except service control policies', () => {
    expect(deployment.gaps).toEqual([]);
    expect(runChecks(deployment, desired).unchecked.map(({ check }) => check)).toEqual([
      'service-control-denies',
      'service-control-admits',
    ]);
    expect(uncovered(deployment, desired)).toEqual([
      `service control policies: ${WORKLOAD}, ${SANDBOX} (not in a plan; preflight without --plan reads it from AWS)`,
    ]);
  });
  test('an empty plan covers nothing', () => {
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
        "service control policies: 111122223333, 444455556666 (not in a plan; preflight without --plan reads it from AWS)",
      ]
    `);
  });
});

describe('checks find a problem in a plan', () => {
  const good = goodPlan();
  test.for(Object.entries(MUTATIONS))('the checks find that %s', ([, [mutate, ...checks]]) => {
    const plan = structuredClone(good);
    mutate(plan);
    expect(checksOf(deploymentOf(plan)).toSorted()).toEqual(checks.toSorted());
  });
});

describe('checks of whole resource policies', () => {
  const settings = someSettings({}, { invokePermission: 'organization' });
  const whole = { rules: someRules, settings };
  const plan = () => goodPlan(someRules, settings);
  /** The plan with another policy of one function in the home Region. */
  const withPolicy = (key: 'rule' | 'remediation', change: (policy: string) => string | null) => {
    const changed = plan();
    for (const { address, change: planned } of changed.resource_changes)
      if (address.includes(HOME) && address.includes(`aws_lambda_resource_policy.${key}`))
        Object.assign(planned.after ?? {}, { policy: change(String(planned.after?.['policy'])) });
    return deploymentOf(changed);
  };
  const replaced = (from: string, to: string) => (policy: string) => {
    expect(policy).toContain(from);
    return policy.replace(from, to);
  };
  const withStatement = (statement: object) => (policy: string) => {
    const { Statement, ...document } = JSON.parse(policy);
    return JSON.stringify({ ...document, Statement: [...Statement, statement] });
  };

  test('a plan with whole policies has no problem', () => {
    expect(runChecks(deploymentOf(plan()), whole).findings).toEqual([]);
    expect(deploymentOf(plan()).permissions).toHaveLength(4);
  });
  test.for([
    ['no policy', 'rule', () => '{"Statement":[]}', ['rule-function-admits-config']],
    [
      'the policy of another organization',
      'rule',
      replaced('o-exampleorg1', 'o-someoneelse'),
      ['rule-function-admits-config', 'function-not-public', 'function-permission-chosen'],
    ],
    [
      'a policy for everybody of the organization',
      'remediation',
      replaced(',"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/compliance-automation"}', ''),
      ['function-permission-chosen'],
    ],
    [
      'a policy for another role',
      'remediation',
      replaced('role/compliance-automation', 'role/other'),
      ['remediation-function-admits-members', 'function-permission-chosen'],
    ],
    [
      'a policy for everybody',
      'remediation',
      replaced('"StringEquals":{"aws:PrincipalOrgID":"o-exampleorg1"},', ''),
      ['remediation-function-admits-members', 'function-not-public', 'function-permission-chosen'],
    ],
    [
      'a policy for every role of the organization',
      'remediation',
      replaced('role/compliance-automation', 'role/*'),
      ['function-permission-chosen'],
    ],
    [
      'a policy for every action',
      'remediation',
      replaced('lambda:InvokeFunction', 'lambda:*'),
      ['function-not-public', 'function-permission-chosen'],
    ],
    [
      'a pattern that StringEquals takes literally',
      'remediation',
      replaced('},"ArnLike":{', ','),
      ['function-permission-chosen'],
    ],
    [
      'a second condition on the same key that is never met with the first',
      'rule',
      replaced('"Condition":{', '"Condition":{"StringLike":{"aws:SourceOrgID":"o-someoneelse"},'),
      ['rule-function-admits-config', 'function-permission-chosen'],
    ],
    [
      'a statement for all versions and aliases',
      'remediation',
      withStatement({
        Effect: 'Allow',
        Principal: '*',
        Action: 'lambda:InvokeFunction',
        Resource: `arn:aws:lambda:${HOME}:${MASTER}:function:compliance-generic-remediation:*`,
      }),
      ['operator-alias-closed'],
    ],
    [
      'a statement beside it that names an account',
      'rule',
      withStatement({
        Effect: 'Allow',
        Principal: { Service: 'config.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: '*',
        Condition: { StringEquals: { 'AWS:SourceAccount': WORKLOAD } },
      }),
      ['function-permission-chosen'],
    ],
  ] as const)('a function with %s is a problem', ([, key, change, checks]) => {
    expect(checksOf(withPolicy(key, change), whole)).toEqual(checks);
  });
  test.for([
    [
      'a statement that denies',
      withStatement({
        Effect: 'Deny',
        Principal: '*',
        Action: 'lambda:InvokeFunction',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } },
      }),
    ],
    [
      'another condition',
      replaced('{"StringEquals"', '{"Bool":{"aws:SecureTransport":"true"},"StringEquals"'),
    ],
    ['a policy that is known only after apply', () => null],
  ] as const)('whether %s admits anybody is not said', ([, change]) => {
    const { findings, unchecked } = runChecks(withPolicy('rule', change), whole);
    expect(findings).toEqual([]);
    expect(unchecked.map(({ check }) => check)).toContain('rule-function-admits-config');
  });
  test('a policy that stayed when the settings went back to statements is a problem', () => {
    const usual = deploymentOf(goodPlan());
    const permissions = [...usual.permissions, ...deploymentOf(plan()).permissions];
    expect(checksOf({ ...usual, permissions })).toEqual(['function-permission-chosen']);
  });
});

describe('checks find a problem that no plan shows', () => {
  const good = deploymentOf(goodPlan());

  test('a default version that is not the latest is a problem', () => {
    const documents = good.documents.map((document) => ({
      ...document,
      defaultVersion: '1',
      latestVersion: '2',
    }));
    expect(checksOf({ ...good, documents })).toEqual(['document-version-current']);
  });
  test('a pack that failed in an account is a problem', () => {
    const failures = [{ accountId: WORKLOAD, reason: 'there is no recorder' }];
    const packs = good.packs.map((pack) => ({ ...pack, failures }));
    expect(checksOf({ ...good, packs })).toEqual(['pack-arrived']);
    expect(runChecks({ ...good, packs }, desired).findings[0]?.problem).toContain('there is no recorder');
  });
  test('a permission for AWS Config without a source account is no problem when the settings want it', () => {
    const settings = someSettings({}, { invokePermission: 'any-account' });
    const open = deploymentOf(goodPlan(someRules, settings));
    expect(open.permissions.some(({ sourceAccount }) => sourceAccount === undefined)).toBe(true);
    expect(checksOf(open, { ...desired, settings })).toEqual([]);
    expect(checksOf(open)).toEqual(['function-permission-scoped']);
  });
  test('a rule of a type that the settings do not record needs no change messages, scope or recording', () => {
    const scheduleOnly = [...new Set(someRules.map(({ resourceType }) => resourceType))];
    const settings = { ...someSettings(), recording: { scheduleOnly } };
    const scheduled = deploymentOf(goodPlan(someRules, settings));
    expect(checksOf(scheduled, { ...desired, settings })).toEqual([]);
    expect(checksOf(scheduled)).toContain('rule-messages');
  });
  test('permissions that exceed the size of a function policy are a problem', () => {
    const [permission] = good.permissions;
    if (!permission) throw new Error('There is no permission.');
    const permissions = [...good.permissions, ...Array.from({ length: 80 }, () => permission)];
    expect(checksOf({ ...good, permissions })).toEqual(['function-policy-size']);
  });
  test('a session policy that exceeds the limit of STS is a problem', () => {
    const fix = Array.from({ length: 60 }, (_, index) => `s3:PutSomethingThatNeedsWords${index}`);
    const rule = ruleNamed('S3_DO_EVERYTHING', { permissions: { list: [], get: [], fix, undo: [] } });
    const rules = [...someRules, rule];
    const deployment = deploymentOf(goodPlan(rules));
    expect(checksOf(deployment, { ...desired, rules })).toEqual(['session-policy-size']);
  });
  test('a rule that is judged nowhere, and a fix that lacks a parameter, are warnings', () => {
    const [first, second, ...others] = someRules;
    if (!first || !second) throw new Error('There are no rules.');
    const rules = [
      { ...first, needs: ['logBucket'] },
      { ...second, only: 'management-account' } as const,
      ...others,
    ];
    const deployment = deploymentOf(goodPlan(rules));
    expect(runChecks(deployment, { ...desired, rules }).findings).toMatchObject([
      { check: 'rule-judged-somewhere', severity: 'warning', subject: 'rule EC2_CLOSE_PORTS' },
      { check: 'rule-fix-parameters', severity: 'warning', subject: 'rule S3_KEEP_VERSIONS' },
    ]);
  });
  test('permissions of a rule for the management account are a problem in any other account', () => {
    const rules = someRules.map((rule) =>
      rule.command === 'EC2_CLOSE_PORTS' ? ({ ...rule, only: 'management-account' } as const) : rule,
    );
    const settings = someSettings({}, { managementAccountId: WORKLOAD });
    const { findings } = runChecks(deploymentOf(goodPlan(someRules, settings)), { rules, settings });
    const narrow = findings.filter(({ check }) => check === 'role-policy-narrow');
    expect(narrow.map(({ subject }) => subject)).toEqual([
      expect.stringContaining(SANDBOX),
      expect.stringContaining(SANDBOX),
    ]);
    expect(checksOf(deploymentOf(goodPlan(rules, settings)), { rules, settings })).toEqual([]);
  });
});

describe('checks of the organization', () => {
  const good = deploymentOf(goodPlan());
  const scpCoverage = [WORKLOAD, SANDBOX].map(
    (accountId) => ({ part: 'serviceControl', accountId }) as const,
  );
  const under = (...statements: readonly object[]): Deployment => ({
    ...good,
    coverage: [...good.coverage, ...scpCoverage],
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

  test.for<readonly [string, object, 'denied' | 'allowed' | 'undetermined']>([
    ['an action that a fix makes', deny({}), 'denied'],
    ['all but some actions', { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' }, 'denied'],
    ['an action that nobody needs', deny({ Action: 'ec2:RunInstances' }), 'allowed'],
    [
      'what a fix needs, but not to our roles',
      deny({ Condition: exceptRole('arn:aws:iam::*:role/compliance-*') }),
      'allowed',
    ],
    [
      'what a fix needs, but not to other roles',
      deny({ Condition: exceptRole('arn:aws:iam::*:role/admin') }),
      'denied',
    ],
    [
      'what a fix needs in other Regions',
      deny({ Condition: { StringNotEquals: { 'aws:RequestedRegion': [HOME, 'us-east-1'] } } }),
      'allowed',
    ],
    [
      'what a fix needs outside the home Region',
      deny({ Condition: { StringNotEquals: { 'aws:RequestedRegion': HOME } } }),
      'denied',
    ],
    ['what a fix needs on one bucket', deny({ Resource: 'arn:aws:s3:::trail' }), 'undetermined'],
    [
      'what a fix needs on all but one bucket',
      deny({ Resource: undefined, NotResource: 'arn:aws:s3:::free' }),
      'undetermined',
    ],
    [
      'what a fix needs on resources with a tag',
      deny({ Condition: { StringEquals: { 'aws:ResourceTag/x': 'y' } } }),
      'undetermined',
    ],
  ])('a service control policy that denies %s is evaluated', ([, statement, expected]) => {
    // Fixes run in mode auto.
    const settings = someSettings({ rules: { S3_KEEP_VERSIONS: { mode: 'auto' } } });
    const { failed, unchecked } = runChecks(under(ALL, statement), { ...desired, settings });
    expect(failed.includes('service-control-denies')).toBe(expected === 'denied');
    expect(unchecked.map(({ check }) => check).includes('service-control-denies')).toBe(
      expected === 'undetermined',
    );
  });
  test('actions that no service control policy of a level allows are a problem', () => {
    const { findings } = runChecks(under({ Effect: 'Allow', Action: 's3:*', Resource: '*' }), desired);
    expect(new Set(findings.map(({ check }) => check))).toEqual(new Set(['service-control-admits']));
    expect(findings[0]?.problem).toContain('No service control policy at r-root allows');
  });
  test('service control policies do not apply to the management account', () => {
    const policies = under(ALL, deny({ Action: '*' })).serviceControlPolicies;
    const ofMaster = policies.map((control) => ({ ...control, accountId: MASTER }));
    expect(checksOf({ ...good, serviceControlPolicies: ofMaster })).toEqual([]);
  });
  test('an account that cannot own packs is a problem, with the command that fixes it', () => {
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

describe('incomplete checks', () => {
  const good = deploymentOf(goodPlan());
  const uncheckedIn = (deployment: Deployment) =>
    runChecks(deployment, desired)
      .unchecked.map(({ check }) => check)
      .filter((check) => !check.startsWith('service-control'));

  test('checks of a function are incomplete when its values are known only after apply', () => {
    const functions = good.functions.map(({ name, accountId, region }) => ({ name, accountId, region }));
    expect(uncheckedIn({ ...good, functions })).toEqual([
      'function-runtime',
      'function-environment',
      'function-role',
    ]);
  });
  test('checks of a role are incomplete when its policies are known only after apply', () => {
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
  test('checks of forwarding are incomplete when its values are known only after apply', () => {
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
  test('the check of the event bus is incomplete when its policy has an unknown condition', () => {
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
  test('checks of forwarding rules are incomplete where the rules were not read', () => {
    const coverage = good.coverage.filter(({ part }) => part !== 'forwarding');
    expect(uncheckedIn({ ...good, coverage })).toEqual([
      'forwarding-rule-on',
      'forwarding-rule-pattern',
      'forwarding-rule-target',
    ]);
  });
  test('the check of a role with a permissions boundary is incomplete', () => {
    const roles = good.roles.map((role) => ({ ...role, boundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }));
    expect(uncheckedIn({ ...good, roles })).toEqual(['role-policy-covers']);
  });
  test('checks of documents and packs are incomplete when their content is unknown', () => {
    const documents = good.documents.map((document) => ({ ...document, content: undefined }));
    const packs = good.packs.map((pack) => ({ ...pack, bytes: undefined, ruleNames: undefined }));
    expect(uncheckedIn({ ...good, documents, packs })).toEqual([
      'document-as-emitted',
      'pack-template-size',
      'pack-rule-count',
    ]);
  });
});

test('every check passes, fails or is incomplete, and only the last two can be combined', () => {
  const plan = goodPlan();
  MUTATIONS['a recorder is stopped']?.[0](plan);
  const deployment = deploymentOf(plan);
  const coverage = deployment.coverage.filter(
    ({ part, accountId }) => part !== 'recorders' || accountId === WORKLOAD,
  );
  const { passed, failed, unchecked } = runChecks({ ...deployment, coverage }, desired);
  const incomplete = unchecked.map(({ check }) => check);
  expect([...new Set([...passed, ...failed, ...incomplete])].toSorted()).toEqual(checkIds.toSorted());
  expect(passed.filter((check) => failed.includes(check) || incomplete.includes(check))).toEqual([]);
  expect(failed).toEqual(['recorder-on']);
  expect(incomplete).toContain('recorder-on');
});

test('every check finds a problem in these tests', () => {
  const covered = new Set<string>(Object.values(MUTATIONS).flatMap(([, ...checks]) => checks));
  const uncoveredChecks = checkIds.filter((check) => !covered.has(check));
  // The tests above, and those of the keeper and the hosted dashboard, cover these.
  expect(uncoveredChecks.toSorted()).toEqual([
    'dashboard-bucket',
    'dashboard-viewers',
    'document-version-current',
    'function-permission-chosen',
    'function-policy-size',
    'keeper-environment',
    'keeper-exists',
    'keeper-role',
    'keeper-stores',
    'pack-arrived',
    'pack-owner',
    'rule-fix-parameters',
    'rule-judged-somewhere',
    'service-control-admits',
    'service-control-denies',
    'session-policy-size',
    'signing-key',
  ]);
});

test('settings without an organization admit each account, without a problem', () => {
  const settings = someSettings({}, { id: undefined });
  const deployment = deploymentOf(goodPlan(someRules, settings));
  expect(runChecks(deployment, { rules: someRules, settings }).findings).toEqual([]);
});

test('an account that does not forward changes has no problem', () => {
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

test('a plan that ends forwarding in only one Region is a problem', () => {
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
