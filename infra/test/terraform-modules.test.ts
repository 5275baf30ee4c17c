import { loadAllRules } from '@compliance/registry';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { terraformModules } from '../src/terraform-modules.ts';
import { MEMBER, aRule, accounts, someSettings, withoutFix } from './examples.ts';

const Attributes = z.record(z.string(), z.unknown());
const Module = z.strictObject({
  terraform: Attributes,
  data: z.record(z.string(), z.record(z.string(), Attributes)).default({}),
  resource: z.record(z.string(), z.record(z.string(), Attributes)).default({}),
  variable: z.record(z.string(), Attributes).default({}),
  output: z.record(z.string(), Attributes).default({}),
  moved: z.array(z.strictObject({ from: z.string(), to: z.string() })).default([]),
  removed: z
    .array(z.strictObject({ from: z.string(), lifecycle: z.strictObject({ destroy: z.boolean() }) }))
    .default([]),
});

const rules = [
  aRule('S3_EXAMPLE', {
    permissions: { list: ['s3:List'], get: ['s3:One'], fix: ['s3:Fix'], undo: ['s3:Undo'] },
  }),
  aRule('EC2_EXAMPLE', {
    resourceType: 'AWS::EC2::VPC',
    permissions: { list: ['ec2:List'], get: [], fix: [], undo: [] },
  }),
  withoutFix('IAM_EXAMPLE', { resourceType: 'AWS::IAM::User', deploy: 'home-region' }),
];
const all = terraformModules(someSettings(), rules);
const files = (settings = someSettings(), given = rules) => terraformModules(settings, given);
const moduleOf = (path: string, from = all) => Module.parse(JSON.parse(from[`${path}/main.tf.json`] ?? '{}'));
const resources = (path: string, from = all) =>
  Object.entries(moduleOf(path, from).resource).flatMap(([type, named]) =>
    Object.keys(named).map((name) => `${type}.${name}`),
  );

describe('every module', () => {
  const paths = Object.keys(all)
    .filter((path) => path.endsWith('main.tf.json'))
    .map((path) => path.replace('/main.tf.json', ''));

  test('each module is one of these', () => {
    expect(paths).toEqual([
      'master-global',
      'master-home',
      'master-regional',
      'member-global',
      'member-regional',
      'rollout/eu-west-1',
      'rollout/us-east-1',
    ]);
  });
  test.for(paths)('%s has no provider and no backend of its own', (path) => {
    // The schema above is strict: another top-level block would not parse.
    expect(moduleOf(path).terraform).toEqual({
      required_version: '>= 1.5.0',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } },
    });
  });
  test.for(paths)('%s has typed and described variables and described outputs', (path) => {
    const { variable, output } = moduleOf(path);
    for (const [name, declared] of Object.entries(variable))
      expect(declared, name).toMatchObject({
        type: expect.any(String),
        description: expect.stringMatching(/\w/),
      });
    for (const [name, declared] of Object.entries(output))
      expect(declared, name).toMatchObject({ description: expect.stringMatching(/\w/) });
  });
  test.for(paths)('%s reads the partition instead of naming one', (path) => {
    expect(all[`${path}/main.tf.json`]).not.toMatch(/arn:aws[:-]/);
  });
  test('the modules do not depend on the order of the rules', () => {
    expect(files(someSettings(), rules.toReversed())).toEqual(all);
  });
});

describe('what is global and what is regional', () => {
  test('no regional module contains IAM resources', () => {
    for (const path of ['master-home', 'master-regional', 'member-regional', 'rollout/us-east-1'])
      expect(
        resources(path).filter((address) => address.startsWith('aws_iam')),
        path,
      ).toEqual([]);
  });
  test('the global modules contain only IAM resources', () => {
    for (const path of ['master-global', 'member-global'])
      expect(
        resources(path).every((address) => address.startsWith('aws_iam')),
        path,
      ).toBe(true);
  });
  test('state, settings and ledger are only in the home module', () => {
    const home = resources('master-home');
    expect(home).toEqual(
      expect.arrayContaining([
        'aws_dynamodb_table.state',
        'aws_s3_bucket.settings',
        'aws_s3_bucket.ledger',
        'aws_ssm_parameter.stop',
      ]),
    );
    for (const address of home) expect(resources('master-regional')).not.toContain(address);
  });
  test('the global pack is rolled out only in the home Region', () => {
    expect(all).toHaveProperty(['rollout/eu-west-1/packs/compliance-global.yaml']);
    expect(all).not.toHaveProperty(['rollout/us-east-1/packs/compliance-global.yaml']);
  });
});

describe('the policies of a member', () => {
  const actions = (settings = someSettings()) => {
    const policies = moduleOf('member-global', files(settings)).resource['aws_iam_policy'] ?? {};
    return Object.entries(policies)
      .filter(([name]) => !name.includes('config_recorder'))
      .map(([, { policy }]) => String(policy))
      .join('\n');
  };

  test('the policies of a member contain the grants of the enabled rules', () => {
    expect(actions()).toContain('s3:Fix');
    expect(actions()).toContain('ec2:List');
  });
  test('the policies of a member omit a rule that is off everywhere', () => {
    const text = actions(someSettings({ rules: { S3_EXAMPLE: { mode: 'off' } } }));
    expect(text).not.toContain('s3:');
    expect(text).toContain('ec2:List');
  });
  test('the permissions of a rule for the management account are attached in that account alone', () => {
    const only = { ...rules[0], only: 'management-account' } as (typeof rules)[number];
    const settings = someSettings({}, { managementAccountId: MEMBER });
    const { resource } = moduleOf('member-global', files(settings, [only]));
    const count = `\${data.aws_caller_identity.current.account_id == "${MEMBER}" ? 1 : 0}`;
    for (const role of ['evaluate', 'remediate']) {
      const name = `compliance_${role}_management`;
      expect(resource['aws_iam_policy']?.[name]).toMatchObject({ count });
      expect(resource['aws_iam_role_policy_attachment']?.[name]).toMatchObject({ count });
      expect(JSON.stringify(resource['aws_iam_policy']?.[`compliance_${role}`])).not.toContain('s3:One');
    }
  });
  test('the permissions of a rule whose management account is not listed are nowhere', () => {
    const only = { ...rules[0], only: 'management-account' } as (typeof rules)[number];
    expect(files(someSettings(), [only])['member-global/main.tf.json']).not.toContain('s3:One');
  });
  test('IAM variables are escaped, so that Terraform does not evaluate them', () => {
    const own = aRule('IAM_OWN', {
      permissions: {
        list: [],
        get: [{ action: 'iam:Get', resource: 'arn:${aws:PrincipalAccount}' }],
        fix: [],
        undo: [],
      },
    });
    expect(files(someSettings(), [own])['member-global/main.tf.json']).toContain(
      'arn:$${aws:PrincipalAccount}',
    );
  });
});

test('settings, exemptions and a stop switch that cannot be read are counted where the functions report them', () => {
  const filters = Object.values(
    moduleOf('master-regional').resource['aws_cloudwatch_log_metric_filter'] ?? {},
  );
  const patterns = filters.filter(({ name }) => name === 'Unreadable').map(({ pattern }) => pattern);
  expect(patterns).toEqual([
    '{ ($.type = "evaluation-failed") && ($.trigger = "*: exemptions") }',
    '?"settings-unreadable" ?"stop-switch-unreadable"',
    '?"settings-unreadable" ?"stop-switch-unreadable"',
  ]);
});

describe('code and infrastructure change apart', () => {
  test.for(['rule', 'remediation'])('Terraform ignores changes to the code of the %s function', (key) => {
    const { resource } = moduleOf('master-regional');
    expect(resource['aws_lambda_function']?.[key]?.['lifecycle']).toEqual({
      ignore_changes: ['s3_bucket', 's3_key', 's3_object_version', 'source_code_hash'],
    });
  });
  test('Terraform ignores changes to the stop switch', () => {
    expect(moduleOf('master-home').resource['aws_ssm_parameter']?.['stop']?.['lifecycle']).toEqual({
      ignore_changes: ['value', 'insecure_value', 'description'],
    });
  });
});

describe('compliance changes', () => {
  const BUS =
    'arn:${data.aws_partition.current.partition}:events:eu-west-1:999988887777:event-bus/compliance';
  const policyOf = (from = all) =>
    moduleOf('master-home', from).resource['aws_cloudwatch_event_bus_policy']?.['bus_policy']?.['policy'];

  test('every Region of a member forwards compliance changes to the bus with a role that may put events there', () => {
    const { aws_cloudwatch_event_target: targets } = moduleOf('member-regional').resource;
    expect(targets?.['compliance_changes']).toMatchObject({
      arn: BUS,
      role_arn:
        'arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/compliance-forward-changes',
    });
    const { aws_iam_role: roles, aws_iam_policy: policies } = moduleOf('member-global').resource;
    expect(roles?.['compliance_forward_changes']).toMatchObject({ name: 'compliance-forward-changes' });
    expect(policies?.['compliance_forward_changes']?.['policy']).toContain(`"Resource":["${BUS}"]`);
  });
  test('the bus admits compliance changes of the organization', () => {
    expect(policyOf()).toContain('"aws:PrincipalOrgID":"o-exampleorg1"');
    expect(policyOf()).toContain(`"Resource":"${BUS}"`);
  });
  test('the bus admits account by account where there is no organization', () => {
    const { id: _, ...organization } = someSettings().organization;
    const policy = policyOf(files(someSettings({ organization })));
    expect(policy).toContain('iam::111122223333:root');
    expect(policy).not.toContain('"*"');
  });
});

describe('without an organization', () => {
  const { id: _, ...organization } = someSettings().organization;
  const alone = files(someSettings({ organization }));

  test('without an organization each account has its own packs', () => {
    expect(resources('account-packs/eu-west-1', alone)).toEqual([
      'aws_config_conformance_pack.compliance_global',
      'aws_config_conformance_pack.compliance_regional',
    ]);
    expect(
      resources('rollout/eu-west-1', alone).every((address) => address.startsWith('aws_s3_object')),
    ).toBe(true);
  });
  test('without an organization only the listed accounts may read the packs', () => {
    const policy = moduleOf('master-regional', alone).resource['aws_s3_bucket_policy']?.['packs']?.['policy'];
    expect(policy).toContain('arn:${data.aws_partition.current.partition}:iam::111122223333:root');
    expect(policy).not.toContain('aws:PrincipalOrgID');
  });
});

describe('an organization of many accounts', () => {
  const many = (count: number, organization: object = {}) =>
    files(someSettings({ accounts: accounts(count) }, organization));
  const admission = (from: ReturnType<typeof files>) =>
    moduleOf('master-regional', from).variable['config_admission'];

  test.for([10, 73])(
    'with %i accounts both values of config_admission are valid, and the default is accounts',
    (count) => {
      expect(admission(many(count))).toMatchObject({
        default: 'accounts',
        validation: [{ condition: '${contains(["accounts","open"], var.config_admission)}' }],
      });
    },
  );
  test.for([
    [2, 2],
    [1000, 0],
  ] as const)('with %i accounts the modules move %i permissions of the first release', ([count, kept]) => {
    const { moved } = moduleOf('master-regional', many(count, { invokePermission: 'any-account' }));
    expect(moved).toHaveLength(kept);
    for (const { from, to } of moved)
      expect(to).toBe(from.replace(/_(\d{12})$/, (_, id: string) => `["${id}"]`));
  });
  test('76 accounts are refused unless invokePermission is any-account', () => {
    expect(() => many(76)).toThrow(
      'accounts.73: account 100000000073 (account 73) does not fit: the resource policy of compliance-generic-rule holds a statement for each of 73 accounts',
    );
    expect(admission(many(76, { invokePermission: 'any-account' }))).toMatchObject({
      default: 'open',
      validation: [{ condition: '${contains(["open"], var.config_admission)}' }],
    });
  });
  test('1,000 accounts need one permission, and the document is shared with all of them', () => {
    const large = many(1000, { invokePermission: 'any-account' });
    const { resource } = moduleOf('master-regional', large);
    expect(Object.keys(resource['aws_lambda_permission'] ?? {})).toEqual([
      'remediation_organization',
      'rule_config',
    ]);
    expect(resource['aws_lambda_permission']?.['rule_config']?.['for_each']).toBe(
      '${toset(var.config_admission == "open" ? ["any"] : [])}',
    );
    const { account_ids: shared } = z
      .object({ account_ids: z.string() })
      .parse(resource['aws_ssm_document']?.['document']?.['permissions']);
    expect(shared.split(',')).toHaveLength(1000);
  });
  test('the packs for 1,000 accounts are the same as for two', () => {
    const packOf = (from: ReturnType<typeof files>) =>
      from['rollout/eu-west-1/packs/compliance-regional.yaml'];
    expect(packOf(many(1000, { invokePermission: 'any-account' }))).toBe(packOf(all));
  });
});

describe('whole resource policies', () => {
  const organization = { invokePermission: 'organization' };
  const chosen = (count = 2) => files(someSettings({ accounts: accounts(count) }, organization));
  const usual = files(someSettings({ accounts: accounts(2) }));
  /** The module without what concerns who may invoke the functions. */
  const withoutAdmission = (from: ReturnType<typeof files>) => {
    const { terraform: _, resource, variable, removed: __, ...module } = moduleOf('master-regional', from);
    const { aws_lambda_permission: ___, aws_lambda_resource_policy: ____, ...others } = resource;
    const { config_admission: _____, ...variables } = variable;
    return { ...module, resource: others, variable: variables };
  };

  test('an organization of 1,000 accounts is admitted by a policy for each function, and by no statement', () => {
    const { resource, variable } = moduleOf('master-regional', chosen(1000));
    expect(Object.keys(resource['aws_lambda_resource_policy'] ?? {})).toEqual([
      'remediation_policy',
      'rule_policy',
    ]);
    expect(resource['aws_lambda_resource_policy']?.['rule_policy']).toMatchObject({
      resource_arn: '${aws_lambda_function.rule.arn}',
      policy: expect.stringContaining('{"StringEquals":{"aws:SourceOrgID":"o-exampleorg1"}}'),
    });
    expect(resource).not.toHaveProperty('aws_lambda_permission');
    expect(variable).not.toHaveProperty('config_admission');
  });
  test('the statements before are forgotten and not removed, so that the policy replaces them in one call', () => {
    expect(moduleOf('master-regional', chosen()).removed).toEqual(
      ['rule_config', 'remediation_organization'].map((name) => ({
        from: `aws_lambda_permission.${name}`,
        lifecycle: { destroy: false },
      })),
    );
    expect(moduleOf('master-regional', chosen()).moved).toEqual(moduleOf('master-regional', usual).moved);
  });
  test('the versions that have such policies are required only by the module that has one', () => {
    const versionOf = (path: string) => moduleOf(path, chosen()).terraform;
    expect(versionOf('master-regional')).toEqual({
      required_version: '>= 1.7.0',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 6.66.0, < 7.0.0' } },
    });
    expect(versionOf('master-home')).toEqual(moduleOf('master-home', usual).terraform);
  });
  test('choosing them changes nothing but who is admitted, and what preflight reads', () => {
    const others = chosen();
    expect(Object.keys(others)).toEqual(Object.keys(usual));
    const differ = Object.keys(usual).filter((path) => others[path] !== usual[path]);
    expect(differ).toEqual(['master-global/main.tf.json', 'master-regional/main.tf.json']);
    expect(withoutAdmission(others)).toEqual(withoutAdmission(usual));
    expect(others['master-global/main.tf.json']?.replaceAll(',\\"lambda:GetResourcePolicy\\"', '')).toBe(
      usual['master-global/main.tf.json'],
    );
  });
  test.for(['per-account', 'any-account'])('with %s nothing of them is emitted', (invokePermission) => {
    const emitted = files(someSettings({}, { invokePermission }));
    for (const [path, text] of Object.entries(emitted))
      expect(text, path).not.toMatch(/lambda_resource_policy|lambda:GetResourcePolicy|SourceOrgID|"removed"/);
    const modules = Object.keys(emitted).filter((path) => path.endsWith('/main.tf.json'));
    for (const path of modules)
      expect(moduleOf(path.replace('/main.tf.json', ''), emitted).terraform, path).toEqual(
        moduleOf('master-home').terraform,
      );
  });
  test('they are refused without an organization', () => {
    expect(() => someSettings({}, { ...organization, id: undefined })).toThrow(
      'organization.invokePermission: needs organization.id: it admits the accounts of that organization',
    );
  });
});

describe('bad settings are refused before anything is written', () => {
  test('a rule that does not exist is refused', () => {
    expect(() => files(someSettings({ rules: { S3_EXAMPEL: { mode: 'auto' } } }))).toThrow(
      "rules.S3_EXAMPEL: unknown rule S3_EXAMPEL - did you mean 'S3_EXAMPLE'?",
    );
  });
  test.each(['AWS::IAM::*', 'nonsense', ''])('recording.scheduleOnly refuses the type %j', (type) => {
    expect(() => files(someSettings({ recording: { scheduleOnly: [type] } }))).toThrow(
      `recording.scheduleOnly.0: no rule has the resource type '${type}'; the nearest are AWS::`,
    );
  });
  test('a parameter of the wrong type is refused', () => {
    const strict = aRule('S3_STRICT', {
      parameters: z.strictObject({ days: z.int().default(90).describe('Days.') }),
    });
    const settings = someSettings({ rules: { S3_STRICT: { parameters: { days: 'ninety' } } } });
    expect(() => files(settings, [strict])).toThrow(
      "rules.S3_STRICT.parameters.days: must be a number, not the text 'ninety' (parameters of S3_STRICT)",
    );
  });
});

test('all real rules can be rendered as modules', async () => {
  const real = files(someSettings(), [...(await loadAllRules())]);
  expect(Object.keys(real)).toContain('rollout/eu-west-1/packs/compliance-regional.yaml');
});
