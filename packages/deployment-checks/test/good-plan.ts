import {
  OPERATOR_ALIAS,
  RECOVERY_ALIAS,
  withConfiguredGrants,
  type Rule,
  type Settings,
} from '@compliance/core';
import {
  AUDIT_LOG_GROUP,
  CHANGES_LOG_GROUP,
  CHANGES_RULE,
  COMPLIANCE_CHANGE,
  DOCUMENT,
  EVENT_BUS,
  EXECUTION_ROLES,
  FORWARDING_ROLE,
  FUNCTIONS,
  KEEPER,
  KEEPER_LOG_GROUP,
  KEEPER_ROLE,
  STATE_TABLE,
  STOP_PARAMETER,
  TOPIC,
  VIEWER_FUNCTION,
  automationDocument,
  busArn,
  busPolicy,
  changesLogPolicy,
  conformancePacks,
  forwardedChanges,
  forwardingRole,
  forwardingRuleName,
  functionArn,
  functionEnvironment,
  functionLogGroup,
  functionPermissions,
  keeperEnvironment,
  keeperRole,
  ledgerBucket,
  masterRoles,
  memberRoles,
  organizationPolicies,
  policiesIn,
  recordedTypes,
  roleArn,
  dashboardBucket,
  sealedBucket,
  sealedLedger,
  viewerFunction,
  settingsBucket,
  tablePolicy,
  type RoleSpecification,
} from '@compliance/infra';

import { someRules, someSettings } from './examples.ts';

type Values = Record<string, unknown>;

/** A change in a test plan. */
export interface Change {
  address: string;
  module_address: string;
  mode: 'managed';
  type: string;
  name: string;
  index?: string;
  change: { actions: string[]; before: Values | null; after: Values | null; after_unknown: unknown };
}

interface DataSource {
  address: string;
  mode: 'data';
  type: string;
  name: string;
  values: OrganizationData;
}

/** The `terraform show -json` output of a plan that deploys everything. */
export interface GoodPlan {
  format_version: string;
  terraform_version: string;
  resource_changes: Change[];
  prior_state: { values: { root_module: { resources: DataSource[]; child_modules: object[] } } };
  configuration: {
    root_module: { module_calls: Record<string, { module: { resources: object[] } }> };
    provider_config: Record<string, { name: string; version_constraint: string }>;
  };
}

/** The values of the AWS Organizations data source. */
export interface OrganizationData {
  id: string;
  master_account_id: string;
  accounts: { id: string; name: string; status: string }[];
}

const PARTITION = 'aws';

/** Builds a plan that creates everything that the product emits. */
export const goodPlan = (
  rules: readonly Rule[] = someRules,
  settings: Settings = someSettings(),
): GoodPlan => {
  const { masterAccountId: master, homeRegion, regions } = settings.organization;
  const { home, elsewhere } = recordedTypes(rules, settings);
  const types = (region: string) => (region === homeRegion ? home : elsewhere);
  const modules = [
    moduleOf('master', { accountId: master, region: homeRegion }, [
      ...masterGlobal(settings),
      ...keeper(settings),
      ...dashboard(settings),
      ...complianceChanges(settings),
    ]),
    ...regions.map((region) =>
      moduleOf(`master_${region}`, { accountId: master, region }, masterRegional(settings, region)),
    ),
    ...settings.accounts.map(({ id }) =>
      moduleOf(`member_${id}`, { accountId: id, region: homeRegion }, memberGlobal(settings, rules, id)),
    ),
    ...settings.accounts.flatMap(({ id }) =>
      regions.map((region) =>
        moduleOf(`member_${id}_${region}`, { accountId: id, region }, [
          ...recorder(types(region)),
          ...forwarding(settings, rules, id),
        ]),
      ),
    ),
    ...regions.map((region) =>
      moduleOf(`rollout_${region}`, { accountId: master, region }, rollout(settings, rules, region)),
    ),
  ];
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: modules.flatMap(({ changes }) => changes),
    prior_state: {
      values: {
        root_module: {
          resources: settings.organization.id === undefined ? [] : [organizationOf(settings)],
          child_modules: modules.map(({ state }) => state),
        },
      },
    },
    configuration: {
      root_module: {
        module_calls: Object.fromEntries(
          modules.map(({ name, configured }) => [name, { module: { resources: configured } }]),
        ),
      },
      provider_config: { aws: { name: 'aws', version_constraint: '>= 5.100.0, < 7.0.0' } },
    },
  };
};

interface Made {
  readonly type: string;
  readonly name: string;
  readonly index?: string;
  readonly values: Values;
  /** Values that are known only after apply. */
  readonly unknown?: Values;
  readonly expressions?: Values;
}

const moduleOf = (name: string, place: { accountId: string; region: string }, made: readonly Made[]) => {
  const address = `module.${name}`;
  const data = (type: string, values: object) => ({
    address: `${address}.data.${type}.this`,
    mode: 'data',
    type,
    name: 'this',
    values,
  });
  return {
    name,
    changes: made.map(({ type, name: label, index, values, unknown = {} }): Change => {
      const suffix = index === undefined ? '' : `["${index}"]`;
      return {
        address: `${address}.${type}.${label}${suffix}`,
        module_address: address,
        mode: 'managed',
        type,
        name: label,
        ...(index !== undefined && { index }),
        change: {
          actions: ['create'],
          before: null,
          after: values,
          after_unknown: { arn: true, id: true, ...unknown },
        },
      };
    }),
    state: {
      address,
      resources: [
        data('aws_caller_identity', { account_id: place.accountId }),
        data('aws_region', { id: place.region }),
        data('aws_partition', { partition: PARTITION }),
      ],
    },
    configured: made.map(({ type, name: label, expressions = {} }) => ({ type, name: label, expressions })),
  };
};

/** An organization of the listed accounts, managed by the master account. */
const organizationOf = ({ organization: { id, masterAccountId }, accounts }: Settings): DataSource => ({
  address: 'data.aws_organizations_organization.current',
  mode: 'data',
  type: 'aws_organizations_organization',
  name: 'current',
  values: {
    id: id ?? '',
    master_account_id: masterAccountId,
    accounts: [{ id: masterAccountId, name: 'master' }, ...accounts].map((account) => ({
      id: account.id,
      name: account.name,
      status: 'ACTIVE',
    })),
  },
});

const label = (text: string) => text.replaceAll(/\W/g, '_');

const role = ({ name, trust, policies }: RoleSpecification): readonly Made[] => [
  { type: 'aws_iam_role', name: label(name), values: { name, assume_role_policy: JSON.stringify(trust) } },
  ...policies.flatMap((policy): readonly Made[] => [
    {
      type: 'aws_iam_policy',
      name: label(policy.name),
      values: { name: policy.name, policy: JSON.stringify(policy.document) },
    },
    {
      type: 'aws_iam_role_policy_attachment',
      name: label(policy.name),
      values: { role: name },
      unknown: { policy_arn: true },
      expressions: {
        policy_arn: {
          references: [`aws_iam_policy.${label(policy.name)}.arn`, `aws_iam_policy.${label(policy.name)}`],
        },
      },
    },
  ]),
];

const masterGlobal = ({
  organization: { id: organizationId, masterAccountId, homeRegion },
}: Settings): readonly Made[] => [
  ...Object.values(
    masterRoles({ masterAccountId, homeRegion, partition: PARTITION, organizationId }),
  ).flatMap(role),
  {
    type: 'aws_dynamodb_table',
    name: 'state',
    values: {
      name: STATE_TABLE,
      hash_key: 'pk',
      range_key: 'sk',
      attribute: [
        { name: 'pk', type: 'S' },
        { name: 'sk', type: 'S' },
      ],
      ttl: [{ attribute_name: 'expiresAt', enabled: true }],
    },
  },
  {
    type: 'aws_dynamodb_resource_policy',
    name: 'state_policy',
    values: {
      policy: JSON.stringify(
        tablePolicy({
          master: { partition: 'aws', accountId: masterAccountId },
          tableArn: 'arn:aws:dynamodb:us-east-1:999988887777:table/compliance-state',
          breakGlass: [],
        }),
      ),
    },
  },
  { type: 'aws_s3_bucket', name: 'settings', values: { bucket: settingsBucket(masterAccountId) } },
  { type: 'aws_s3_bucket', name: 'ledger', values: { bucket: ledgerBucket(masterAccountId) } },
  { type: 'aws_ssm_parameter', name: 'stop', values: { name: STOP_PARAMETER, type: 'String', value: 'off' } },
  { type: 'aws_sns_topic', name: 'events', values: { name: TOPIC } },
];

/** What seals the ledger, where the settings name a key. */
const keeper = (settings: Settings): readonly Made[] => {
  const { masterAccountId, homeRegion } = settings.organization;
  const ledger = sealedLedger(settings);
  const execution = keeperRole({ masterAccountId, homeRegion, partition: PARTITION }, settings);
  if (!ledger || !execution) return [];
  return [
    ...role(execution),
    { type: 'aws_s3_bucket', name: 'sealed', values: { bucket: sealedBucket(masterAccountId) } },
    { type: 'aws_cloudwatch_log_group', name: 'keeper', values: { name: KEEPER_LOG_GROUP } },
    {
      type: 'aws_lambda_function',
      name: 'keeper',
      values: {
        function_name: KEEPER,
        runtime: 'nodejs22.x',
        memory_size: 1769,
        role: roleArn({ partition: PARTITION, accountId: masterAccountId }, KEEPER_ROLE),
        environment: [{ variables: { ...keeperEnvironment(masterAccountId, ledger) } }],
      },
    },
  ];
};

/** What serves the dashboard, where the settings ask for it. */
const dashboard = ({ organization, dashboard: hosted }: Settings): readonly Made[] =>
  hosted
    ? [
        {
          type: 'aws_s3_bucket',
          name: 'dashboard_data',
          values: { bucket: dashboardBucket(organization.masterAccountId) },
        },
        {
          type: 'aws_cloudfront_function',
          name: 'dashboard_viewers',
          values: { name: VIEWER_FUNCTION, code: viewerFunction(hosted) },
        },
        { type: 'aws_cloudfront_distribution', name: 'dashboard', values: { enabled: true } },
      ]
    : [];

const masterRegional = (settings: Settings, region: string): readonly Made[] => {
  const { masterAccountId: accountId, homeRegion } = settings.organization;
  const environments = functionEnvironment({ masterAccountId: accountId, homeRegion, partition: PARTITION });
  const place = { partition: PARTITION, region, accountId };
  const permissions = functionPermissions(settings);
  const policies = organizationPolicies(settings, place);
  const remediationArn = functionArn(place, FUNCTIONS.remediation);
  return [
    ...(['rule', 'remediation'] as const).flatMap((key): readonly Made[] => [
      {
        type: 'aws_lambda_function',
        name: key,
        values: {
          function_name: FUNCTIONS[key],
          runtime: 'nodejs22.x',
          memory_size: 256,
          role: roleArn({ partition: PARTITION, accountId }, EXECUTION_ROLES[key]),
          environment: [{ variables: environments[key] }],
        },
      },
      ...permissions[key].map((permission): Made => ({
        type: 'aws_lambda_permission',
        name: key,
        index: permission.StatementId,
        values: {
          function_name: permission.FunctionName,
          statement_id: permission.StatementId,
          action: permission.Action,
          principal: permission.Principal,
          qualifier: null,
          source_arn: null,
          source_account: permission.SourceAccount ?? null,
          principal_org_id: permission.PrincipalOrgID ?? null,
        },
      })),
      ...(policies
        ? [
            {
              type: 'aws_lambda_resource_policy',
              name: `${key}_policy`,
              values: { policy: JSON.stringify(policies[key]) },
              unknown: { resource_arn: true, revision_id: true },
              expressions: {
                resource_arn: {
                  references: [`aws_lambda_function.${key}.arn`, `aws_lambda_function.${key}`],
                },
              },
            },
          ]
        : []),
      { type: 'aws_cloudwatch_log_group', name: key, values: { name: functionLogGroup(key) } },
    ]),
    {
      type: 'aws_lambda_alias',
      name: 'operator',
      values: { name: OPERATOR_ALIAS, function_name: FUNCTIONS.remediation },
      unknown: { function_version: true },
    },
    {
      type: 'aws_lambda_alias',
      name: 'recovery',
      values: { name: RECOVERY_ALIAS, function_name: FUNCTIONS.remediation },
      unknown: { function_version: true },
    },
    { type: 'aws_cloudwatch_log_group', name: 'audit', values: { name: AUDIT_LOG_GROUP } },
    {
      type: 'aws_ssm_document',
      name: 'remediation',
      values: {
        name: DOCUMENT,
        document_type: 'Automation',
        content: JSON.stringify(automationDocument({ functionArn: remediationArn, assumeRole: 'embedded' })),
        permissions: { type: 'Share', account_ids: settings.accounts.map(({ id }) => id).join(',') },
      },
    },
  ];
};

const memberGlobal = (
  settings: Settings,
  rules: readonly Rule[],
  memberAccountId: string,
): readonly Made[] => {
  const { masterAccountId, managementAccountId, externalId, regions } = settings.organization;
  const roles = memberRoles({
    rules: withConfiguredGrants(
      rules,
      { settings, accounts: settings.accounts },
      { accountId: memberAccountId, partition: PARTITION },
    ),
    partition: PARTITION,
    masterAccountId,
    memberAccountId,
    managementAccountId,
    externalId,
    regions,
  });
  const forwards = forwardingRole(
    { partition: PARTITION, accountId: memberAccountId },
    settings.organization,
  );
  return [roles.evaluate, roles.remediate, roles.automation, forwards].flatMap((each) =>
    role({ ...each, policies: policiesIn(each, memberAccountId) }),
  );
};

const forwarding = (settings: Settings, rules: readonly Rule[], accountId: string): readonly Made[] => {
  const { masterAccountId, homeRegion } = settings.organization;
  const home = { partition: PARTITION, region: homeRegion, accountId: masterAccountId };
  return forwardedChanges(rules, settings).flatMap((pattern, index): readonly Made[] => {
    const name = forwardingRuleName(index);
    return [
      {
        type: 'aws_cloudwatch_event_rule',
        name: label(name),
        values: { name, event_bus_name: 'default', event_pattern: JSON.stringify(pattern) },
      },
      {
        type: 'aws_cloudwatch_event_target',
        name: label(name),
        values: {
          rule: name,
          event_bus_name: 'default',
          target_id: 'master',
          arn: busArn(home, EVENT_BUS),
          role_arn: roleArn({ partition: PARTITION, accountId }, FORWARDING_ROLE),
        },
        unknown: { arn: false },
      },
    ];
  });
};

const complianceChanges = (settings: Settings): readonly Made[] => [
  { type: 'aws_cloudwatch_event_bus', name: 'bus', values: { name: EVENT_BUS } },
  {
    type: 'aws_cloudwatch_event_bus_policy',
    name: 'bus_policy',
    values: { event_bus_name: EVENT_BUS, policy: JSON.stringify(busPolicy(settings, PARTITION)) },
  },
  { type: 'aws_cloudwatch_log_group', name: 'changes', values: { name: CHANGES_LOG_GROUP } },
  {
    type: 'aws_cloudwatch_log_resource_policy',
    name: 'changes_policy',
    values: {
      policy_name: 'compliance-changes',
      policy_document: JSON.stringify(changesLogPolicy(settings.organization, PARTITION)),
    },
  },
  {
    type: 'aws_cloudwatch_event_rule',
    name: 'changes_rule',
    values: {
      name: CHANGES_RULE,
      event_bus_name: EVENT_BUS,
      event_pattern: JSON.stringify(COMPLIANCE_CHANGE),
    },
  },
  {
    type: 'aws_cloudwatch_event_target',
    name: 'changes_target',
    values: { rule: CHANGES_RULE, event_bus_name: EVENT_BUS, target_id: 'log' },
    unknown: { arn: true },
    expressions: {
      arn: { references: ['aws_cloudwatch_log_group.changes.arn', 'aws_cloudwatch_log_group.changes'] },
    },
  },
];

const recorder = (resourceTypes: readonly string[]): readonly Made[] => [
  {
    type: 'aws_config_configuration_recorder',
    name: 'this',
    values: {
      name: 'default',
      recording_group: [
        {
          all_supported: false,
          include_global_resource_types: false,
          resource_types: resourceTypes,
          exclusion_by_resource_types: [],
        },
      ],
      recording_mode: [{ recording_frequency: 'CONTINUOUS', recording_mode_override: [] }],
    },
  },
  {
    type: 'aws_config_configuration_recorder_status',
    name: 'this',
    values: { name: 'default', is_enabled: true },
  },
  {
    type: 'aws_config_delivery_channel',
    name: 'this',
    values: { name: 'default', s3_bucket_name: 'delivery' },
  },
];

const rollout = (settings: Settings, rules: readonly Rule[], region: string): readonly Made[] =>
  conformancePacks({ rules, settings, region, partition: PARTITION }).flatMap(
    ({ name, yaml, key }): readonly Made[] => [
      { type: 'aws_s3_object', name: label(name), values: { bucket: 'packs', key, content: yaml } },
      {
        type: 'aws_config_organization_conformance_pack',
        name: label(name),
        values: { name, template_s3_uri: `s3://packs/${key}`, template_body: null, excluded_accounts: [] },
      },
    ],
  );
