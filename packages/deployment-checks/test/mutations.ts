import { parse, stringify } from 'yaml';

import type { CheckId } from '../src/checks/run-checks.ts';
import { ELSEWHERE, HOME, MASTER, SANDBOX, WORKLOAD } from './examples.ts';
import type { Change, GoodPlan, OrganizationData } from './good-plan.ts';

/** The changes of a plan whose address contains all parts. At least one must exist. */
const at = (plan: GoodPlan, ...parts: readonly string[]): readonly Change[] => {
  const found = plan.resource_changes.filter(({ address }) => parts.every((part) => address.includes(part)));
  if (found.length === 0) throw new Error(`The plan has nothing at ${parts.join(' … ')}.`);
  return found;
};

const set = (plan: GoodPlan, parts: readonly string[], values: Record<string, unknown>) => {
  for (const { change } of at(plan, ...parts)) Object.assign(change.after ?? {}, values);
};

const remove = (plan: GoodPlan, ...parts: readonly string[]) => {
  const gone = new Set(at(plan, ...parts));
  plan.resource_changes = plan.resource_changes.filter((change) => !gone.has(change));
};

/** Adds a copy of a resource with a suffix and other values. */
const duplicateResource = (
  plan: GoodPlan,
  parts: readonly string[],
  suffix: string,
  values: Record<string, unknown>,
) => {
  const [original] = at(plan, ...parts);
  const copy = structuredClone(original) as Change;
  copy.address += suffix;
  Object.assign(copy.change.after ?? {}, values);
  plan.resource_changes.push(copy);
};

/** Replaces text in a JSON attribute. */
const edit = (
  plan: GoodPlan,
  parts: readonly string[],
  attribute: string,
  from: string | RegExp,
  to: string,
) => {
  for (const { change } of at(plan, ...parts)) {
    const before = String(change.after?.[attribute]);
    const after = before.replace(from, to);
    if (after === before)
      throw new Error(`${attribute} at ${parts.join(' … ')} has no ${String(from)}: ${before}`);
    Object.assign(change.after ?? {}, { [attribute]: after });
  }
};

const allow = (plan: GoodPlan, parts: readonly string[], statement: object) => {
  for (const { change } of at(plan, ...parts)) {
    const policy = JSON.parse(String(change.after?.['policy'])) as { Statement: object[] };
    policy.Statement.push(statement);
    Object.assign(change.after ?? {}, { policy: JSON.stringify(policy) });
  }
};

const pack = ['rollout_eu-west-1', 'aws_s3_object.compliance_regional'];
const elsewhere = ['rollout_us-east-1', 'aws_s3_object.compliance_regional'];
const variablesOf = (plan: GoodPlan, ...parts: readonly string[]): Record<string, string> => {
  const [environment] = at(plan, ...parts).flatMap(({ change }) => change.after?.['environment']) as [
    { variables: Record<string, string> },
  ];
  return environment.variables;
};

/** The properties of a template's resource that tests change. */
interface Properties {
  ConfigRuleName: string;
  Description: string;
  InputParameters: Record<string, string>;
  Scope?: object;
  Source: { SourceIdentifier: string; SourceDetails: object[] };
  Automatic: boolean;
  TargetId: string;
  Parameters: Record<string, { StaticValue: { Values: string[] } }>;
}
type Resources = Record<string, { Type: string; Properties: Properties }>;

const of = (resources: Resources, name: string): Properties => {
  const resource = resources[name];
  if (!resource) throw new Error(`The template has no ${name}.`);
  return resource.Properties;
};

const resourcesIn = (plan: GoodPlan, parts: readonly string[]): Resources => {
  const [object] = at(plan, ...parts);
  return (parse(String(object?.change.after?.['content'])) as { Resources: Resources }).Resources;
};

const inPack = (parts: readonly string[], mutate: (resources: Resources) => void) => (plan: GoodPlan) => {
  const Resources = resourcesIn(plan, parts);
  mutate(Resources);
  set(plan, parts, { content: stringify({ Resources }) });
};

const organization = (plan: GoodPlan): OrganizationData => {
  const [data] = plan.prior_state.values.root_module.resources;
  if (!data) throw new Error('The plan has no organization.');
  return data.values;
};
const UNLISTED = { id: '777788889999', name: 'new', status: 'ACTIVE' };
const everyPack = ['aws_config_organization_conformance_pack'];

const master = 'module.master.';
const masterHome = `module.master_${HOME}`;
const masterElsewhere = `module.master_${ELSEWHERE}`;
const member = `module.member_${WORKLOAD}.`;
const memberHome = `module.member_${WORKLOAD}_${HOME}`;
const memberElsewhere = `module.member_${WORKLOAD}_${ELSEWHERE}`;
const trust = (role: string) => [member, `aws_iam_role.${role}`];
const policy = (role: string, module = member) => [module, `aws_iam_policy.${role}`];
const editTrust = (role: string, from: string | RegExp, to: string) => (plan: GoodPlan) =>
  edit(plan, trust(role), 'assume_role_policy', from, to);
const editPolicy =
  (role: readonly [name: string, module?: string], from: string | RegExp, to: string) => (plan: GoodPlan) =>
    edit(plan, policy(...role), 'policy', from, to);
const rulePermission = [masterHome, 'aws_lambda_permission.rule', `config-${WORKLOAD}`];
const remediationPermission = [masterHome, 'aws_lambda_permission.remediation'];
const forwarding = [memberHome, 'aws_cloudwatch_event_rule.compliance_changes'];
const forwardingTarget = [memberHome, 'aws_cloudwatch_event_target.compliance_changes'];
const busPolicy = [master, 'aws_cloudwatch_event_bus_policy'];
const changesRule = [master, 'aws_cloudwatch_event_rule.changes_rule'];
const changesTarget = [master, 'aws_cloudwatch_event_target.changes_target'];
const changesLogPolicy = [master, 'aws_cloudwatch_log_resource_policy'];
const recorder = (module: string) => [module, 'aws_config_configuration_recorder.this'];

/** Changes of the good plan, with the checks that must find them. */
export const MUTATIONS: Record<string, readonly [mutate: (plan: GoodPlan) => unknown, ...checks: CheckId[]]> =
  {
    'the rule function of a Region is missing': [
      (plan) => remove(plan, masterElsewhere, 'aws_lambda_function.rule'),
      'function-exists',
      'rule-function',
    ],
    'the rule function has another name': [
      (plan) => set(plan, [masterHome, 'aws_lambda_function.rule'], { function_name: 'evaluate' }),
      'function-exists',
      'rule-function',
    ],
    'a function has a runtime that the bundles do not support': [
      (plan) => set(plan, [masterHome, 'aws_lambda_function.rule'], { runtime: 'nodejs18.x' }),
      'function-runtime',
    ],
    'a function has a runtime that the oldest provider rejects': [
      (plan) => set(plan, [masterHome, 'aws_lambda_function.rule'], { runtime: 'nodejs24.x' }),
      'function-runtime-provider',
    ],
    'an environment variable is missing': [
      (plan) => delete variablesOf(plan, masterHome, 'aws_lambda_function.rule')['COMPLIANCE_STATE_TABLE'],
      'function-environment',
    ],
    'a function does not use the settings of the home Region': [
      (plan) => {
        variablesOf(plan, masterElsewhere, 'aws_lambda_function.remediation')['COMPLIANCE_HOME_REGION'] =
          ELSEWHERE;
      },
      'function-environment',
    ],
    'a function runs as another role': [
      (plan) =>
        set(plan, [masterHome, 'aws_lambda_function.remediation'], {
          role: `arn:aws:iam::${MASTER}:role/compliance-generic-rule-execution`,
        }),
      'function-role',
    ],
    'the permission for AWS Config is missing': [
      (plan) => remove(plan, ...rulePermission),
      'rule-function-admits-config',
    ],
    'the permission for AWS Config names another account': [
      (plan) => set(plan, rulePermission, { source_account: '123412341234' }),
      'rule-function-admits-config',
      'function-permission-known',
    ],
    'the permission is for another service': [
      (plan) => set(plan, rulePermission, { principal: 'events.amazonaws.com' }),
      'rule-function-admits-config',
    ],
    'the permission names rules of another Region': [
      (plan) =>
        set(plan, rulePermission, { source_arn: `arn:aws:config:us-east-1:${WORKLOAD}:config-rule/*` }),
      'rule-function-admits-config',
    ],
    'the permission only allows reading the function': [
      (plan) => set(plan, rulePermission, { action: 'lambda:GetFunction' }),
      'rule-function-admits-config',
      'function-not-public',
    ],
    'the permission is for a version of the function': [
      (plan) => set(plan, rulePermission, { qualifier: '3' }),
      'rule-function-admits-config',
      'operator-alias-closed',
    ],
    'AWS Config is admitted for any AWS account': [
      (plan) => set(plan, rulePermission, { source_account: null }),
      'function-permission-scoped',
    ],
    'the remediation function does not admit the organization': [
      (plan) => set(plan, remediationPermission, { principal: SANDBOX, principal_org_id: null }),
      'remediation-function-admits-members',
    ],
    'the remediation function admits another organization': [
      (plan) => set(plan, remediationPermission, { principal_org_id: 'o-someoneelse' }),
      'remediation-function-admits-members',
      'function-not-public',
    ],
    'the remediation function admits everybody': [
      (plan) => set(plan, remediationPermission, { principal_org_id: null }),
      'remediation-function-admits-members',
      'function-not-public',
    ],
    'the remediation function admits a role by its ARN': [
      (plan) =>
        set(plan, remediationPermission, {
          principal: `arn:aws:iam::${WORKLOAD}:role/compliance-automation`,
        }),
      'remediation-function-admits-members',
      'function-permission-known',
    ],
    'the operator alias is missing': [
      (plan) => remove(plan, masterHome, 'aws_lambda_alias.operator'),
      'operator-alias',
    ],
    'the recovery alias is missing': [
      (plan) => remove(plan, masterHome, 'aws_lambda_alias.recovery'),
      'recovery-alias',
    ],
    'the operator alias belongs to the other function': [
      (plan) =>
        set(plan, [masterHome, 'aws_lambda_alias.operator'], { function_name: 'compliance-generic-rule' }),
      'operator-alias',
    ],
    'the operator alias admits the organization': [
      (plan) => duplicateResource(plan, remediationPermission, '_operator', { qualifier: 'operator' }),
      'operator-alias-closed',
    ],
    'a member has no role for evaluation': [
      (plan) => remove(plan, member, 'aws_iam_role.compliance_evaluate'),
      'member-role-exists',
    ],
    'a member has no automation role': [
      (plan) => remove(plan, member, 'aws_iam_role.compliance_automation'),
      'member-role-exists',
    ],
    'an execution role is missing': [
      (plan) => remove(plan, master, 'aws_iam_role.compliance_generic_rule_execution'),
      'execution-role-exists',
    ],
    'a member role trusts everybody': [
      editTrust('compliance_remediate', `arn:aws:iam::${MASTER}:root`, '*'),
      'role-not-public',
    ],
    'a member role trusts another account': [
      editTrust('compliance_evaluate', `::${MASTER}:root`, '::123412341234:root'),
      'member-role-trusts-master',
    ],
    'the remediating role trusts the rule function, too': [
      editTrust(
        'compliance_remediate',
        'compliance-generic-remediation-execution',
        'compliance-generic-rule-execution',
      ),
      'member-role-trusts-execution-role',
    ],
    'a trust policy has a pattern instead of exact ARNs': [
      editTrust('compliance_evaluate', 'ArnEquals', 'ArnLike'),
      'member-role-trusts-execution-role',
    ],
    'the evaluating role admits a reader that is not configured': [
      editTrust(
        'compliance_evaluate',
        /(compliance-generic-rule-execution")/,
        `$1,"arn:aws:iam::${MASTER}:role/reader"`,
      ),
      'member-role-trusts-execution-role',
    ],
    'a member role requires another external id': [
      editTrust('compliance_remediate', 'an-external-id', 'another-id'),
      'member-role-external-id',
    ],
    'a member role requires no external id': [
      editTrust('compliance_remediate', 'sts:ExternalId', 'aws:userid'),
      'member-role-external-id',
    ],
    'the automation role trusts another service': [
      editTrust('compliance_automation', 'ssm.amazonaws.com', 'ec2.amazonaws.com'),
      'automation-role-trust',
    ],
    'the automation role serves executions of another account': [
      editTrust(
        'compliance_automation',
        `"aws:SourceAccount":"${WORKLOAD}"`,
        `"aws:SourceAccount":"${SANDBOX}"`,
      ),
      'automation-role-trust',
    ],
    'Lambda may not run as the execution role': [
      (plan) =>
        edit(
          plan,
          [master, 'aws_iam_role.compliance_generic_rule_execution'],
          'assume_role_policy',
          'lambda.amazonaws.com',
          'edgelambda.amazonaws.com',
        ),
      'execution-role-trust',
    ],
    'the evaluating role lacks an action of a rule': [
      editPolicy(['compliance_evaluate'], '"s3:GetBucketVersioning",', ''),
      'role-policy-covers',
    ],
    'the remediating role of an account in auto lacks a fix': [
      editPolicy(['compliance_remediate', `module.member_${SANDBOX}.`], '"s3:PutBucketVersioning",', ''),
      'role-policy-covers',
    ],
    'the evaluating role may read only one bucket': [
      editPolicy(['compliance_evaluate'], '"Resource":["*"]', '"Resource":["arn:aws:s3:::a"]'),
      'role-policy-covers',
    ],
    'the permissions of the evaluating role depend on a tag': [
      editPolicy(
        ['compliance_evaluate'],
        '"Resource":["*"]',
        '"Resource":["*"],"Condition":{"Null":{"aws:PrincipalTag/x":"false"}}',
      ),
      'role-policy-covers',
    ],
    'the policy of a role is not attached': [
      (plan) => remove(plan, member, 'aws_iam_role_policy_attachment.compliance_remediate'),
      'role-policy-covers',
    ],
    'the automation role may not invoke the function': [
      editPolicy(['compliance_automation'], 'lambda:InvokeFunction', 'lambda:GetFunction'),
      'role-policy-covers',
      'role-policy-narrow',
    ],
    'the automation role may invoke the operator alias': [
      (plan) =>
        allow(plan, policy('compliance_automation'), {
          Effect: 'Allow',
          Action: 'lambda:InvokeFunction',
          Resource: `arn:aws:lambda:eu-west-1:${MASTER}:function:compliance-generic-remediation:operator`,
        }),
      'role-policy-narrow',
    ],
    'the remediating role may do what no rule needs': [
      (plan) =>
        allow(plan, policy('compliance_remediate'), { Effect: 'Allow', Action: 'iam:*', Resource: '*' }),
      'role-policy-narrow',
    ],
    'a role has an AWS managed policy': [
      (plan) => {
        const [attachment] = at(plan, member, 'aws_iam_role_policy_attachment.compliance_evaluate');
        const after = { role: 'compliance-evaluate', policy_arn: 'arn:aws:iam::aws:policy/PowerUserAccess' };
        const change = { actions: ['create'], before: null, after, after_unknown: {} };
        plan.resource_changes.push({ ...(attachment as Change), name: 'power', change });
      },
      'role-policy-plain',
    ],
    'a role has a statement with NotAction': [
      (plan) =>
        allow(plan, policy('compliance_remediate'), { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
      'role-policy-plain',
    ],
    'a role has a policy that exceeds the limit of IAM': [
      editPolicy(['compliance_evaluate'], '"Version"', `"Id":"${'a'.repeat(6200)}","Version"`),
      'role-policy-size',
    ],
    'an execution role may assume any role': [
      editPolicy(['compliance_generic_rule_execution', master], 'role/compliance-evaluate', 'role/*'),
      'role-policy-narrow',
    ],
    'the document of a Region is missing': [
      (plan) => remove(plan, masterElsewhere, 'aws_ssm_document'),
      'document-exists',
      'rule-remediation-document',
    ],
    'the document is not shared with a member': [
      (plan) =>
        set(plan, [masterHome, 'aws_ssm_document'], { permissions: { type: 'Share', account_ids: SANDBOX } }),
      'document-shared',
    ],
    'the document is shared with everybody': [
      (plan) =>
        set(plan, [masterHome, 'aws_ssm_document'], {
          permissions: { type: 'Share', account_ids: `All,${WORKLOAD},${SANDBOX}` },
        }),
      'document-not-public',
    ],
    'the document invokes the function of another Region': [
      (plan) =>
        edit(plan, [masterHome, 'aws_ssm_document'], 'content', /lambda:eu-west-1/g, 'lambda:us-east-1'),
      'document-as-emitted',
    ],
    'the document exceeds the limit of SSM Automation': [
      (plan) =>
        edit(
          plan,
          [masterHome, 'aws_ssm_document'],
          'content',
          'Checks one',
          `${'a'.repeat(64_000)} Checks one`,
        ),
      'document-as-emitted',
      'document-limits',
    ],
    'the document assumes another role': [
      (plan) =>
        edit(plan, [masterHome, 'aws_ssm_document'], 'content', 'role/compliance-automation', 'role/admin'),
      'document-as-emitted',
    ],
    'a pack lacks an enabled rule': [
      inPack(pack, (resources) => {
        delete resources['Ec2ClosePorts'];
        delete resources['Ec2ClosePortsRemediation'];
      }),
      'rule-deployed',
    ],
    'a pack excludes an account of the settings': [
      (plan) =>
        set(plan, ['rollout_eu-west-1', 'organization_conformance_pack.compliance_regional'], {
          excluded_accounts: [WORKLOAD],
        }),
      'account-rolled-out',
    ],
    'a pack has a rule of an unknown command': [
      inPack(pack, (resources) => {
        const copy = structuredClone(of(resources, 'S3KeepVersions'));
        copy.ConfigRuleName = 's3-forget-versions';
        copy.InputParameters.ComplianceCommand = 'S3_FORGET_VERSIONS';
        resources['S3ForgetVersions'] = { Type: 'AWS::Config::ConfigRule', Properties: copy };
      }),
      'rule-known',
    ],
    'a rule has the command of another rule': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersions').InputParameters.ComplianceCommand = 'EC2_CLOSE_PORTS';
      }),
      'rule-name-and-parameters',
      'rule-scope',
      'rule-remediation-automatic',
      'rule-remediation-parameters',
    ],
    'a rule has its own parameters': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersions').InputParameters.days = '90';
      }),
      'rule-name-and-parameters',
    ],
    'a rule is in two packs': [
      (plan) =>
        inPack(['rollout_eu-west-1', 'aws_s3_object.compliance_global'], (resources) => {
          const { S3KeepVersions, S3KeepVersionsRemediation } = resourcesIn(plan, pack);
          Object.assign(resources, { S3KeepVersions, S3KeepVersionsRemediation });
        })(plan),
      'rule-once',
    ],
    'IAM is evaluated in a second Region': [
      (plan) =>
        inPack(elsewhere, (resources) => {
          const { IamRotateKeys } = resourcesIn(plan, [
            'rollout_eu-west-1',
            'aws_s3_object.compliance_global',
          ]);
          Object.assign(resources, { IamRotateKeys });
          const { Source } = of(resources, 'IamRotateKeys');
          Source.SourceIdentifier = Source.SourceIdentifier.replace(HOME, ELSEWHERE);
        })(plan),
      'rule-in-one-region',
      'rule-remediation',
    ],
    'a rule invokes a function of another account': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersions').Source.SourceIdentifier =
          `arn:aws:lambda:eu-west-1:${WORKLOAD}:function:compliance-generic-rule`;
      }),
      'rule-function',
    ],
    'a rule does not receive oversized items': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersions').Source.SourceDetails.splice(1, 1);
      }),
      'rule-messages',
    ],
    'a rule has no scope': [
      inPack(pack, (resources) => {
        delete of(resources, 'S3KeepVersions').Scope;
      }),
      'rule-scope',
    ],
    'a remediation is missing': [
      inPack(pack, (resources) => {
        delete resources['S3KeepVersionsRemediation'];
      }),
      'rule-remediation',
    ],
    'a remediation is automatic without any account in auto': [
      inPack(pack, (resources) => {
        of(resources, 'Ec2ClosePortsRemediation').Automatic = true;
      }),
      'rule-remediation-automatic',
    ],
    'a remediation starts a document of the member': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersionsRemediation').TargetId = 'compliance-remediation';
      }),
      'rule-remediation-document',
    ],
    'a remediation passes the type of another resource': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersionsRemediation').Parameters['ResourceType'] = {
          StaticValue: { Values: ['AWS::EC2::VPC'] },
        };
      }),
      'rule-remediation-parameters',
    ],
    'a template exceeds the limit of AWS Config': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersions').Description = 'a'.repeat(300_000);
      }),
      'pack-template-size',
    ],
    'an inline template exceeds the limit of AWS Config': [
      (plan) => {
        inPack(pack, (resources) => {
          of(resources, 'S3KeepVersions').Description = 'a'.repeat(60_000);
        })(plan);
        const [object] = at(plan, ...pack);
        set(plan, ['rollout_eu-west-1', 'organization_conformance_pack.compliance_regional'], {
          template_s3_uri: null,
          template_body: object?.change.after?.['content'],
        });
      },
      'pack-template-size',
    ],
    'a pack has more rules than AWS Config accepts': [
      inPack(pack, (resources) => {
        for (let index = 0; index < 130; index += 1) {
          const copy = structuredClone(of(resources, 'S3KeepVersions'));
          copy.ConfigRuleName = `another-team-${index}`;
          copy.Source.SourceIdentifier = `arn:aws:lambda:eu-west-1:${MASTER}:function:another`;
          resources[`Another${index}`] = { Type: 'AWS::Config::ConfigRule', Properties: copy };
        }
      }),
      'pack-rule-count',
    ],
    'a rule has too long a name': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersions').ConfigRuleName = 's3-keep-the-versions-of-every-object-ever';
        of(resources, 'S3KeepVersionsRemediation').ConfigRuleName =
          's3-keep-the-versions-of-every-object-ever';
      }),
      'rule-deployed',
      'rule-name-and-parameters',
      'pack-names',
    ],
    'a pack has a name that AWS Config rejects': [
      (plan) =>
        set(plan, ['rollout_eu-west-1', 'organization_conformance_pack.compliance_regional'], {
          name: '2-compliance',
        }),
      'pack-names',
    ],
    'a pack excludes more accounts than AWS Config accepts': [
      (plan) =>
        set(plan, everyPack, {
          excluded_accounts: Array.from({ length: 1001 }, (_, index) => String(100_000_000_000 + index)),
        }),
      'pack-exclusions',
    ],
    'the settings name another organization': [
      (plan) => (organization(plan).id = 'o-someoneelse'),
      'organization-id',
    ],
    'the organization lacks an account of the settings': [
      (plan) => organization(plan).accounts.pop(),
      'account-in-organization',
    ],
    'an account of the settings is suspended': [
      (plan) => Object.assign(organization(plan).accounts[1] ?? {}, { status: 'SUSPENDED' }),
      'account-in-organization',
    ],
    'the settings lack an account of the organization': [
      (plan) => {
        organization(plan).accounts.push(UNLISTED);
        set(plan, everyPack, { excluded_accounts: [UNLISTED.id] });
      },
      'account-listed',
    ],
    'the packs reach an account that the settings lack': [
      (plan) => organization(plan).accounts.push(UNLISTED),
      'pack-reaches-listed-only',
    ],
    'the master account does not manage the organization': [
      (plan) => (organization(plan).master_account_id = UNLISTED.id),
      'pack-completion-seen',
    ],
    'a recorder is stopped': [
      (plan) => set(plan, [memberHome, 'recorder_status'], { is_enabled: false }),
      'recorder-on',
    ],
    'a recorder is missing': [(plan) => remove(plan, ...recorder(memberElsewhere)), 'recorder-on'],
    'a recorder lacks a type that a rule evaluates': [
      (plan) =>
        set(plan, recorder(memberHome), {
          recording_group: [{ all_supported: false, resource_types: ['AWS::S3::Bucket', 'AWS::IAM::User'] }],
        }),
      'recorder-complete',
    ],
    'a recorder of all types lacks the global ones': [
      (plan) =>
        set(plan, recorder(memberHome), {
          recording_group: [{ all_supported: true, include_global_resource_types: false }],
        }),
      'recorder-complete',
    ],
    'a recorder excludes a type that a rule evaluates': [
      (plan) =>
        set(plan, recorder(memberHome), {
          recording_group: [
            { all_supported: false, exclusion_by_resource_types: [{ resource_types: ['AWS::S3::Bucket'] }] },
          ],
        }),
      'recorder-complete',
    ],
    'global types are recorded in a second Region': [
      (plan) =>
        set(plan, recorder(memberElsewhere), {
          recording_group: [{ all_supported: true, include_global_resource_types: true }],
        }),
      'recorder-global-once',
    ],
    'a recorder records once a day': [
      (plan) => set(plan, recorder(memberHome), { recording_mode: [{ recording_frequency: 'DAILY' }] }),
      'recorder-continuous',
    ],
    'a delivery channel is missing': [
      (plan) => remove(plan, memberHome, 'aws_config_delivery_channel'),
      'delivery-channel',
    ],
    'the state table is missing': [(plan) => remove(plan, 'aws_dynamodb_table'), 'state-table'],
    'the state table has another key': [
      (plan) => set(plan, ['aws_dynamodb_table'], { range_key: 'id' }),
      'state-table-keys',
    ],
    'the state table has no expiry': [
      (plan) => set(plan, ['aws_dynamodb_table'], { ttl: [] }),
      'state-table-expiry',
    ],
    'the state table has no policy': [
      (plan) => remove(plan, 'aws_dynamodb_resource_policy'),
      'state-table-policy',
    ],
    'the policy of the state table lets everybody decide': [
      (plan) => set(plan, ['aws_dynamodb_resource_policy'], { policy: '{"Statement":[]}' }),
      'state-table-policy',
    ],
    'the settings bucket is missing': [(plan) => remove(plan, 'aws_s3_bucket.settings'), 'settings-bucket'],
    'the ledger bucket has another name': [
      (plan) => set(plan, ['aws_s3_bucket.ledger'], { bucket: 'ledger' }),
      'ledger-bucket',
    ],
    'the stop switch is missing': [(plan) => remove(plan, 'aws_ssm_parameter.stop'), 'stop-parameter'],
    'the topic is missing': [(plan) => remove(plan, 'aws_sns_topic.events'), 'notification-topic'],
    'the audit log group of a Region is missing': [
      (plan) => remove(plan, masterElsewhere, 'aws_cloudwatch_log_group.audit'),
      'log-groups',
    ],
    'a member does not forward in a Region': [(plan) => remove(plan, ...forwarding), 'forwarding-rule-on'],
    'a rule that forwards is disabled': [
      (plan) => set(plan, forwarding, { state: 'DISABLED' }),
      'forwarding-rule-on',
    ],
    'a rule that forwards is disabled with the argument of an older provider': [
      (plan) => set(plan, forwarding, { is_enabled: false }),
      'forwarding-rule-on',
    ],
    'a member forwards all compliance changes': [
      (plan) =>
        set(plan, forwarding, {
          event_pattern: '{"source":["aws.config"],"detail-type":["Config Rules Compliance Change"]}',
        }),
      'forwarding-rule-pattern',
    ],
    'a member does not forward the changes of an enabled rule': [
      (plan) => edit(plan, forwarding, 'event_pattern', 's3-keep-versions', 's3-forget-versions'),
      'forwarding-rule-pattern',
    ],
    'a member has one forwarding rule too many': [
      (plan) => duplicateResource(plan, forwarding, '_2', { name: 'compliance-changes-2' }),
      'forwarding-rule-pattern',
      'forwarding-rule-target',
    ],
    'a rule that forwards has no target': [
      (plan) => remove(plan, ...forwardingTarget),
      'forwarding-rule-target',
    ],
    'a rule forwards to a bus of its own Region': [
      (plan) =>
        set(plan, [memberElsewhere, 'aws_cloudwatch_event_target'], {
          arn: `arn:aws:events:${ELSEWHERE}:${MASTER}:event-bus/compliance`,
        }),
      'forwarding-rule-target',
    ],
    'a rule forwards with another role': [
      (plan) =>
        set(plan, forwardingTarget, { role_arn: `arn:aws:iam::${WORKLOAD}:role/compliance-automation` }),
      'forwarding-rule-target',
    ],
    'a rule forwards without a role': [
      (plan) => set(plan, forwardingTarget, { role_arn: null }),
      'forwarding-rule-target',
    ],
    'a rule that forwards has a schedule instead of a pattern': [
      (plan) => set(plan, forwarding, { event_pattern: null, schedule_expression: 'rate(1 day)' }),
      'forwarding-rule-pattern',
    ],
    'the role that forwards is missing': [
      (plan) => remove(plan, member, 'aws_iam_role.compliance_forward_changes'),
      'forwarding-role-exists',
    ],
    'the role that forwards trusts another service': [
      editTrust('compliance_forward_changes', 'events.amazonaws.com', 'scheduler.amazonaws.com'),
      'forwarding-role-trust',
    ],
    'the role that forwards trusts EventBridge for rules of any account': [
      editTrust(
        'compliance_forward_changes',
        `{"aws:SourceAccount":"${WORKLOAD}"}`,
        '{"aws:ResourceAccount":"*"}',
      ),
      'forwarding-role-trust',
    ],
    'the role that forwards may put events on another bus': [
      editPolicy(['compliance_forward_changes'], 'event-bus/compliance', 'event-bus/default'),
      'role-policy-covers',
      'role-policy-narrow',
    ],
    'the event bus is missing': [(plan) => remove(plan, master, 'aws_cloudwatch_event_bus.bus'), 'event-bus'],
    'the event bus admits nobody': [(plan) => remove(plan, ...busPolicy), 'event-bus-admits-members'],
    'the event bus admits another organization': [
      (plan) => edit(plan, busPolicy, 'policy', /o-\w+/, 'o-someoneelse'),
      'event-bus-admits-members',
      'event-bus-not-public',
    ],
    'the event bus admits everybody': [
      (plan) => edit(plan, busPolicy, 'policy', /"aws:PrincipalOrgID":"[^"]+",/, ''),
      'event-bus-not-public',
    ],
    'the event bus admits one member only': [
      (plan) =>
        edit(
          plan,
          busPolicy,
          'policy',
          /"Principal":"\*"/,
          `"Principal":{"AWS":"arn:aws:iam::${SANDBOX}:root"}`,
        ),
      'event-bus-admits-members',
    ],
    'the event bus admits other events only': [
      (plan) => edit(plan, busPolicy, 'policy', 'Config Rules Compliance Change', 'Config Changes'),
      'event-bus-admits-members',
    ],
    'EventBridge may write to the log group of changes for another account only': [
      (plan) =>
        edit(
          plan,
          changesLogPolicy,
          'policy_document',
          `"aws:SourceAccount":"${MASTER}"`,
          `"aws:SourceAccount":"${WORKLOAD}"`,
        ),
      'changes-log-admits-events',
    ],
    'the event bus allows its members the wrong action': [
      (plan) => edit(plan, busPolicy, 'policy', 'events:PutEvents', 'events:DescribeRule'),
      'event-bus-admits-members',
    ],
    'the event bus also denies what it allows': [
      (plan) =>
        allow(plan, busPolicy, {
          Effect: 'Deny',
          Principal: { AWS: WORKLOAD },
          Action: 'events:*',
          Resource: '*',
        }),
      'event-bus-admits-members',
    ],
    'the event bus has no rule': [(plan) => remove(plan, ...changesRule), 'event-bus-rule'],
    'the rule of the event bus is disabled': [
      (plan) => set(plan, changesRule, { state: 'DISABLED' }),
      'event-bus-rule',
    ],
    'the rule of the event bus matches other events': [
      (plan) => edit(plan, changesRule, 'event_pattern', 'Config Rules Compliance Change', 'Config Changes'),
      'event-bus-rule',
    ],
    'the rule of the event bus has another log group as target': [
      (plan) => {
        const logGroup = `arn:aws:logs:${HOME}:${MASTER}:log-group:another`;
        for (const { change } of at(plan, ...changesTarget))
          Object.assign(change, {
            after: { ...change.after, arn: logGroup },
            after_unknown: { id: true },
          });
      },
      'event-bus-target',
    ],
    'the rule of the event bus has no target': [(plan) => remove(plan, ...changesTarget), 'event-bus-target'],
    'the log group of changes has another name': [
      (plan) => set(plan, [master, 'aws_cloudwatch_log_group.changes'], { name: '/aws/events/changes' }),
      'event-bus-target',
      'changes-log-group',
    ],
    'EventBridge may not write to the log group of changes': [
      (plan) => remove(plan, ...changesLogPolicy),
      'changes-log-admits-events',
    ],
    'EventBridge may create a log stream but not write to it': [
      (plan) => edit(plan, changesLogPolicy, 'policy_document', ',"logs:PutLogEvents"', ''),
      'changes-log-admits-events',
    ],
    'EventBridge may write to another log group': [
      (plan) => edit(plan, changesLogPolicy, 'policy_document', 'compliance-changes', 'other'),
      'changes-log-admits-events',
    ],
  };
