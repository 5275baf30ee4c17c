import { parse, stringify } from 'yaml';

import type { CheckId } from '../src/index.ts';
import { ELSEWHERE, HOME, MASTER, SANDBOX, WORKLOAD } from './examples.ts';
import type { Change, GoodPlan, OrganizationData } from './good-plan.ts';

/** The changes of a plan at an address that ends so; there must be one. */
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

/** Rewrites a JSON attribute. */
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

/** What of a pack's template a test spoils. */
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

const inPack = (parts: readonly string[], spoil: (resources: Resources) => void) => (plan: GoodPlan) => {
  const Resources = resourcesIn(plan, parts);
  spoil(Resources);
  set(plan, parts, { content: stringify({ Resources }) });
};

const organization = (plan: GoodPlan): OrganizationData => {
  const [data] = plan.prior_state.values.root_module.resources;
  if (!data) throw new Error('The plan knows no organization.');
  return data.values;
};
const STRANGER = { id: '777788889999', name: 'new', status: 'ACTIVE' };
const everyPack = ['aws_config_organization_conformance_pack'];

const master = 'module.master.';
const masterHome = `module.master_${HOME}`;
const masterElsewhere = `module.master_${ELSEWHERE}`;
const member = `module.member_${WORKLOAD}.`;
const memberHome = `module.member_${WORKLOAD}_${HOME}`;
const memberElsewhere = `module.member_${WORKLOAD}_${ELSEWHERE}`;
const trust = (role: string) => [member, `aws_iam_role.${role}`];
const policy = (role: string, module = member) => [module, `aws_iam_policy.${role}`];
const rulePermission = [masterHome, 'aws_lambda_permission.rule', `config-${WORKLOAD}`];
const remediationPermission = [masterHome, 'aws_lambda_permission.remediation'];
const forwarding = [memberHome, 'aws_cloudwatch_event_rule.compliance_changes'];
const forwardingTarget = [memberHome, 'aws_cloudwatch_event_target.compliance_changes'];
const busPolicy = [master, 'aws_cloudwatch_event_bus_policy'];
const changesRule = [master, 'aws_cloudwatch_event_rule.changes_rule'];
const changesTarget = [master, 'aws_cloudwatch_event_target.changes_target'];
const changesLogPolicy = [master, 'aws_cloudwatch_log_resource_policy'];
const recorder = (module: string) => [module, 'aws_config_configuration_recorder.this'];

/** Each breaks one link of the good plan, and the checks that name it. */
export const MUTATIONS: Record<string, readonly [spoil: (plan: GoodPlan) => unknown, ...checks: CheckId[]]> =
  {
    'the rule function of a Region is gone': [
      (plan) => remove(plan, masterElsewhere, 'aws_lambda_function.rule'),
      'function-exists',
      'rule-function',
    ],
    'the rule function has another name': [
      (plan) => set(plan, [masterHome, 'aws_lambda_function.rule'], { function_name: 'evaluate' }),
      'function-exists',
      'rule-function',
    ],
    'a runtime that Lambda has not': [
      (plan) => set(plan, [masterHome, 'aws_lambda_function.rule'], { runtime: 'nodejs18.x' }),
      'function-runtime',
    ],
    'a runtime that the oldest provider refuses': [
      (plan) => set(plan, [masterHome, 'aws_lambda_function.rule'], { runtime: 'nodejs24.x' }),
      'function-runtime-provider',
    ],
    'an environment variable is missing': [
      (plan) => delete variablesOf(plan, masterHome, 'aws_lambda_function.rule')['COMPLIANCE_STATE_TABLE'],
      'function-environment',
    ],
    'a function of another Region uses settings of its own': [
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
    'the permission for AWS Config is gone': [
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
    'the permission is for reading the function': [
      (plan) => set(plan, rulePermission, { action: 'lambda:GetFunction' }),
      'rule-function-admits-config',
    ],
    'the permission is of a version of the function': [
      (plan) => set(plan, rulePermission, { qualifier: '3' }),
      'rule-function-admits-config',
      'operator-alias-closed',
    ],
    'AWS Config is admitted for every account of the world': [
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
    'the operators have no door': [
      (plan) => remove(plan, masterHome, 'aws_lambda_alias.operator'),
      'operator-alias',
    ],
    "the operators' door is of the other function": [
      (plan) =>
        set(plan, [masterHome, 'aws_lambda_alias.operator'], { function_name: 'compliance-generic-rule' }),
      'operator-alias',
    ],
    "the operators' door stands open to the organization": [
      (plan) => {
        const [permission] = at(plan, ...remediationPermission);
        const copy = structuredClone(permission) as Change;
        copy.address += '_operator';
        Object.assign(copy.change.after ?? {}, { qualifier: 'operator' });
        plan.resource_changes.push(copy);
      },
      'operator-alias-closed',
    ],
    'a member has no evaluating role': [
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
      (plan) =>
        edit(plan, trust('compliance_remediate'), 'assume_role_policy', `arn:aws:iam::${MASTER}:root`, '*'),
      'role-not-public',
    ],
    'a member role trusts another account': [
      (plan) =>
        edit(
          plan,
          trust('compliance_evaluate'),
          'assume_role_policy',
          `::${MASTER}:root`,
          '::123412341234:root',
        ),
      'member-role-trusts-master',
    ],
    'the remediating role trusts the rule function, too': [
      (plan) =>
        edit(
          plan,
          trust('compliance_remediate'),
          'assume_role_policy',
          'compliance-generic-remediation-execution',
          'compliance-generic-rule-execution',
        ),
      'member-role-trusts-execution-role',
    ],
    'trust is by pattern': [
      (plan) => edit(plan, trust('compliance_evaluate'), 'assume_role_policy', 'ArnEquals', 'ArnLike'),
      'member-role-trusts-execution-role',
    ],
    'the evaluating role has a reader that nobody named': [
      (plan) =>
        edit(
          plan,
          trust('compliance_evaluate'),
          'assume_role_policy',
          /(compliance-generic-rule-execution")/,
          `$1,"arn:aws:iam::${MASTER}:role/reader"`,
        ),
      'member-role-trusts-execution-role',
    ],
    'the external id is another': [
      (plan) =>
        edit(plan, trust('compliance_remediate'), 'assume_role_policy', 'an-external-id', 'another-id'),
      'member-role-external-id',
    ],
    'the external id is not asked for': [
      (plan) =>
        edit(plan, trust('compliance_remediate'), 'assume_role_policy', 'sts:ExternalId', 'aws:userid'),
      'member-role-external-id',
    ],
    'the automation role trusts another service': [
      (plan) =>
        edit(
          plan,
          trust('compliance_automation'),
          'assume_role_policy',
          'ssm.amazonaws.com',
          'ec2.amazonaws.com',
        ),
      'automation-role-trust',
    ],
    'the automation role serves executions of another account': [
      (plan) =>
        edit(
          plan,
          trust('compliance_automation'),
          'assume_role_policy',
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
      (plan) => edit(plan, policy('compliance_evaluate'), 'policy', '"s3:GetBucketVersioning",', ''),
      'role-policy-covers',
    ],
    'the remediating role of an account in auto lacks a fix': [
      (plan) =>
        edit(
          plan,
          policy('compliance_remediate', `module.member_${SANDBOX}.`),
          'policy',
          '"s3:PutBucketVersioning",',
          '',
        ),
      'role-policy-covers',
    ],
    'the evaluating role may look at one bucket only': [
      (plan) =>
        edit(
          plan,
          policy('compliance_evaluate'),
          'policy',
          '"Resource":["*"]',
          '"Resource":["arn:aws:s3:::a"]',
        ),
      'role-policy-covers',
    ],
    'the evaluating role needs a tag to be there': [
      (plan) =>
        edit(
          plan,
          policy('compliance_evaluate'),
          'policy',
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
      (plan) =>
        edit(plan, policy('compliance_automation'), 'policy', 'lambda:InvokeFunction', 'lambda:GetFunction'),
      'role-policy-covers',
      'role-policy-narrow',
    ],
    "the automation role may come in by the operators' door": [
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
    'a role has a policy of AWS': [
      (plan) => {
        const [attachment] = at(plan, member, 'aws_iam_role_policy_attachment.compliance_evaluate');
        const after = { role: 'compliance-evaluate', policy_arn: 'arn:aws:iam::aws:policy/PowerUserAccess' };
        const change = { actions: ['create'], before: null, after, after_unknown: {} };
        plan.resource_changes.push({ ...(attachment as Change), name: 'power', change });
      },
      'role-policy-plain',
    ],
    'a role says what it may not': [
      (plan) =>
        allow(plan, policy('compliance_remediate'), { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
      'role-policy-plain',
    ],
    'a role has a policy longer than IAM takes': [
      (plan) =>
        edit(
          plan,
          policy('compliance_evaluate'),
          'policy',
          '"Version"',
          `"Id":"${'a'.repeat(6200)}","Version"`,
        ),
      'role-policy-size',
    ],
    'an execution role may assume any role': [
      (plan) =>
        edit(
          plan,
          policy('compliance_generic_rule_execution', master),
          'policy',
          'role/compliance-evaluate',
          'role/*',
        ),
      'role-policy-narrow',
    ],
    'the document of a Region is gone': [
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
    'the document is longer than SSM Automation runs': [
      (plan) =>
        edit(plan, [masterHome, 'aws_ssm_document'], 'content', 'Has one', `${'a'.repeat(64_000)} Has one`),
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
    'a pack leaves an account of the settings out': [
      (plan) =>
        set(plan, ['rollout_eu-west-1', 'organization_conformance_pack.compliance_regional'], {
          excluded_accounts: [WORKLOAD],
        }),
      'account-rolled-out',
    ],
    'a pack has a rule of a command that nobody knows': [
      inPack(pack, (resources) => {
        const copy = structuredClone(of(resources, 'S3KeepVersions'));
        copy.ConfigRuleName = 's3-forget-versions';
        copy.InputParameters.ComplianceCommand = 'S3_FORGET_VERSIONS';
        resources['S3ForgetVersions'] = { Type: 'AWS::Config::ConfigRule', Properties: copy };
      }),
      'rule-known',
    ],
    'a rule asks for the command of another': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersions').InputParameters.ComplianceCommand = 'EC2_CLOSE_PORTS';
      }),
      'rule-name-and-parameters',
      'rule-scope',
      'rule-remediation-automatic',
      'rule-remediation-parameters',
    ],
    'a rule carries parameters': [
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
    'IAM is judged in a second Region': [
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
    'a rule does not hear of oversized items': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersions').Source.SourceDetails.splice(1, 1);
      }),
      'rule-messages',
    ],
    'a rule watches everything': [
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
    'a remediation starts by itself without any account in auto': [
      inPack(pack, (resources) => {
        of(resources, 'Ec2ClosePortsRemediation').Automatic = true;
      }),
      'rule-remediation-automatic',
    ],
    'a remediation starts a document of the member itself': [
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
    'a template outgrows what AWS Config takes': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersions').Description = 'a'.repeat(300_000);
      }),
      'pack-template-size',
    ],
    'a template in the request outgrows what AWS Config takes there': [
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
    'a pack has more rules than AWS Config takes': [
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
    'a rule has a name too long for its verdicts': [
      inPack(pack, (resources) => {
        of(resources, 'S3KeepVersions').ConfigRuleName = 's3-keep-the-versions-of-every-object-ever';
        of(resources, 'S3KeepVersionsRemediation').ConfigRuleName =
          's3-keep-the-versions-of-every-object-ever';
      }),
      'rule-deployed',
      'rule-name-and-parameters',
      'pack-names',
    ],
    'a pack has a name that AWS Config does not take': [
      (plan) =>
        set(plan, ['rollout_eu-west-1', 'organization_conformance_pack.compliance_regional'], {
          name: '2-compliance',
        }),
      'pack-names',
    ],
    'a pack leaves more accounts out than AWS Config takes': [
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
        organization(plan).accounts.push(STRANGER);
        set(plan, everyPack, { excluded_accounts: [STRANGER.id] });
      },
      'account-listed',
    ],
    'the packs reach an account that the settings lack': [
      (plan) => organization(plan).accounts.push(STRANGER),
      'pack-reaches-listed-only',
    ],
    'the master account does not manage the organization': [
      (plan) => (organization(plan).master_account_id = STRANGER.id),
      'pack-completion-seen',
    ],
    'a recorder is stopped': [
      (plan) => set(plan, [memberHome, 'recorder_status'], { is_enabled: false }),
      'recorder-on',
    ],
    'a recorder is missing': [(plan) => remove(plan, ...recorder(memberElsewhere)), 'recorder-on'],
    'a recorder leaves out a type that a rule judges': [
      (plan) =>
        set(plan, recorder(memberHome), {
          recording_group: [{ all_supported: false, resource_types: ['AWS::S3::Bucket', 'AWS::IAM::User'] }],
        }),
      'recorder-complete',
    ],
    "a recorder of everything leaves IAM's types out": [
      (plan) =>
        set(plan, recorder(memberHome), {
          recording_group: [{ all_supported: true, include_global_resource_types: false }],
        }),
      'recorder-complete',
    ],
    'a recorder excludes a type that a rule judges': [
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
    'a recorder looks once a day': [
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
    'the state table keeps everything': [
      (plan) => set(plan, ['aws_dynamodb_table'], { ttl: [] }),
      'state-table-expiry',
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
    'a rule that forwards is disabled, in the words of an older provider': [
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
    'a member forwards by a rule more than there are patterns': [
      (plan) => {
        const [found] = at(plan, ...forwarding);
        const copy = structuredClone(found) as Change;
        copy.address += '_2';
        Object.assign(copy.change.after ?? {}, { name: 'compliance-changes-2' });
        plan.resource_changes.push(copy);
      },
      'forwarding-rule-pattern',
      'forwarding-rule-target',
    ],
    'a rule that forwards leads nowhere': [
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
    'a rule forwards as another role': [
      (plan) =>
        set(plan, forwardingTarget, { role_arn: `arn:aws:iam::${WORKLOAD}:role/compliance-automation` }),
      'forwarding-rule-target',
    ],
    'a rule forwards as nobody': [
      (plan) => set(plan, forwardingTarget, { role_arn: null }),
      'forwarding-rule-target',
    ],
    'a rule that forwards waits for a time': [
      (plan) => set(plan, forwarding, { event_pattern: null, schedule_expression: 'rate(1 day)' }),
      'forwarding-rule-pattern',
    ],
    'the role that forwards is missing': [
      (plan) => remove(plan, member, 'aws_iam_role.compliance_forward_changes'),
      'forwarding-role-exists',
    ],
    'the role that forwards trusts another service': [
      (plan) =>
        edit(
          plan,
          trust('compliance_forward_changes'),
          'assume_role_policy',
          'events.amazonaws.com',
          'scheduler.amazonaws.com',
        ),
      'forwarding-role-trust',
    ],
    'the role that forwards trusts EventBridge for rules of any account': [
      (plan) =>
        edit(
          plan,
          trust('compliance_forward_changes'),
          'assume_role_policy',
          `{"aws:SourceAccount":"${WORKLOAD}"}`,
          '{"aws:ResourceAccount":"*"}',
        ),
      'forwarding-role-trust',
    ],
    'the role that forwards may put events on another bus': [
      (plan) =>
        edit(
          plan,
          policy('compliance_forward_changes'),
          'policy',
          'event-bus/compliance',
          'event-bus/default',
        ),
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
      (plan) => edit(plan, busPolicy, 'policy', /,"Condition":.*?\}\}/, ''),
      'event-bus-not-public',
    ],
    'the event bus admits one member only': [
      (plan) =>
        edit(
          plan,
          busPolicy,
          'policy',
          /"Principal":"\*","Condition":.*?\}\}/,
          `"Principal":{"AWS":"arn:aws:iam::${SANDBOX}:root"}`,
        ),
      'event-bus-admits-members',
    ],
    'the event bus lets its members describe it': [
      (plan) => edit(plan, busPolicy, 'policy', 'events:PutEvents', 'events:DescribeRule'),
      'event-bus-admits-members',
    ],
    'the event bus denies what it allows': [
      (plan) =>
        allow(plan, busPolicy, {
          Effect: 'Deny',
          Principal: { AWS: WORKLOAD },
          Action: 'events:*',
          Resource: '*',
        }),
      'event-bus-admits-members',
    ],
    'nothing keeps what arrives on the event bus': [(plan) => remove(plan, ...changesRule), 'event-bus-rule'],
    'the rule of the event bus is disabled': [
      (plan) => set(plan, changesRule, { state: 'DISABLED' }),
      'event-bus-rule',
    ],
    'the rule of the event bus waits for other events': [
      (plan) => edit(plan, changesRule, 'event_pattern', 'Config Rules Compliance Change', 'Config Changes'),
      'event-bus-rule',
    ],
    'the rule of the event bus leads to another log group': [
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
    'the rule of the event bus leads nowhere': [(plan) => remove(plan, ...changesTarget), 'event-bus-target'],
    'the log group of changes has another name': [
      (plan) => set(plan, [master, 'aws_cloudwatch_log_group.changes'], { name: '/aws/events/changes' }),
      'event-bus-target',
      'changes-log-group',
    ],
    'EventBridge may not write to the log group of changes': [
      (plan) => remove(plan, ...changesLogPolicy),
      'changes-log-admits-events',
    ],
    'EventBridge may make a log stream and not write to it': [
      (plan) => edit(plan, changesLogPolicy, 'policy_document', ',"logs:PutLogEvents"', ''),
      'changes-log-admits-events',
    ],
    'EventBridge may write to another log group': [
      (plan) => edit(plan, changesLogPolicy, 'policy_document', 'compliance-changes', 'other'),
      'changes-log-admits-events',
    ],
  };
