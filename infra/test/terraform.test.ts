import { rm } from 'node:fs/promises';

import { loadAllRules } from '@compliance/registry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { runTerraform, whyNoTerraform } from '../src/terraform-cli.ts';
import { terraformModules, type ModuleFiles } from '../src/terraform-modules.ts';
import { DASHBOARD, LEDGER, MASTER, MEMBER, VERDICTS, aRule, someSettings } from './examples.ts';
import { mockedAws, testRun, type Run } from './mocked-aws.ts';
import { folderOf } from './folder-of.ts';

const zips = (zip: string) => ({ rule_zip: zip, remediation_zip: zip });
/** A rule with a change trigger on an IAM type, which no real rule may have in future. */
const iamRule = aRule('IAM_EXAMPLE', { resourceType: 'AWS::IAM::User', deploy: 'home-region' });

/** Any file serves as a zip here. */
const ZIP = '"main.tf.json"';

const PROVIDERS = [
  mockedAws('home', { accountId: MASTER, region: 'eu-west-1' }),
  mockedAws('elsewhere', { accountId: MASTER, region: 'ap-southeast-2' }),
  mockedAws('second', { accountId: MASTER, region: 'us-east-1' }),
  mockedAws('member', { accountId: MEMBER, region: 'eu-west-1' }),
  mockedAws('member_second', { accountId: MEMBER, region: 'us-east-1' }),
  mockedAws('stranger', { accountId: '123456789012', region: 'eu-west-1' }),
];

/** All runs share one `terraform test`, because starting the provider takes time. */
const RUNS: readonly Run[] = [
  {
    name: 'master_global',
    module: 'master-global',
    asserts: {
      'aws_iam_role.compliance_generic_rule_execution.name == "compliance-generic-rule-execution"':
        'the name',
      'strcontains(aws_iam_policy.compliance_generic_rule_execution.policy, "arn:aws:iam::*:role/compliance-evaluate")':
        'the partition of the data source is in the policy',
    },
  },
  {
    name: 'master_home',
    module: 'master-home',
    variables: {
      ledger_lock_days: '30',
      break_glass_role_arns: '["arn:aws:iam::999988887777:role/emergency"]',
    },
    asserts: {
      'aws_dynamodb_table.state.deletion_protection_enabled': 'data is kept by default',
      'alltrue([for statement in jsondecode(aws_dynamodb_resource_policy.state_policy.policy).Statement : contains(statement.Condition.ArnNotLike["aws:PrincipalArn"], "arn:aws:iam::999988887777:role/emergency")])':
        'the break-glass roles',
      'alltrue([for statement in jsondecode(aws_dynamodb_resource_policy.state_policy.policy).Statement : contains(statement.Condition.ArnNotLike["aws:PrincipalArn"], "arn:aws:iam::999988887777:role/compliance-generic-remediation-execution") if statement.Sid != "OnlyTheKeeperRecordsHeads"])':
        'the function that decides',
      'aws_s3_bucket.ledger.force_destroy == false': 'data is kept by default',
      'length(aws_s3_bucket_object_lock_configuration.ledger_lock) == 1': 'the lock',
    },
  },
  {
    name: 'master_home_that_may_go',
    module: 'master-home',
    command: 'plan',
    variables: { keep_data: 'false' },
    asserts: {
      'aws_dynamodb_table.state.deletion_protection_enabled == false': 'deletion is possible',
      'aws_s3_bucket.ledger.force_destroy && aws_s3_bucket.settings.force_destroy': 'deletion is possible',
    },
  },
  {
    name: 'master_regional',
    module: 'master-regional',
    variables: { ...zips(ZIP), emails: '["a@example.com", "b@example.com"]' },
    asserts: {
      'aws_lambda_permission.rule_config["111122223333"].source_account == "111122223333"': 'the account',
      'aws_lambda_permission.rule_config["111122223333"].statement_id == "config-111122223333"':
        'the statement that other ways of deploying make as well',
      'aws_lambda_permission.remediation_organization.principal_org_id == "o-exampleorg1"':
        'the organization',
      'aws_s3_bucket.packs.bucket == "awsconfigconforms-compliance-999988887777-eu-west-1"':
        'the pack bucket',
      'aws_lambda_function.rule.environment[0].variables.COMPLIANCE_TOPIC_ARN == "arn:aws:sns:eu-west-1:999988887777:compliance-events"':
        'the topic of the home Region',
      'length(aws_sns_topic_subscription.email) == 2': 'the addresses',
      'jsondecode(aws_ssm_document.document.content).mainSteps[0].inputs.FunctionName == "arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-remediation"':
        'the function of the Region',
    },
  },
  {
    name: 'config_admitted_for_any_account',
    module: 'master-regional',
    command: 'plan',
    variables: { ...zips(ZIP), config_admission: '"open"' },
    asserts: {
      'keys(aws_lambda_permission.rule_config) == ["any"]': 'one statement',
      'aws_lambda_permission.rule_config["any"].source_account == null': 'no condition',
      'aws_lambda_permission.remediation_organization.principal_org_id == "o-exampleorg1"':
        'the remediation function stays closed',
    },
  },
  {
    name: 'master_regional_with_whole_policies',
    module: 'whole/master-regional',
    variables: zips(ZIP),
    asserts: {
      'terraform_data.rule_policy.input.resource_arn == aws_lambda_function.rule.arn': 'the function',
      'jsondecode(terraform_data.rule_policy.input.policy).Statement[0].Resource == "arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-rule"':
        'the partition and the Region of the data sources are in the policy',
      'jsondecode(terraform_data.remediation_policy.input.policy).Statement[0].Condition.ArnLike["aws:PrincipalArn"] == "arn:aws:iam::*:role/compliance-automation"':
        "the members' role",
    },
  },
  {
    name: 'master_in_a_second_region',
    module: 'master-regional',
    provider: 'second',
    variables: zips(ZIP),
    asserts: {
      'aws_lambda_function.rule.environment[0].variables.COMPLIANCE_HOME_REGION == "eu-west-1"':
        'state stays home',
      'jsondecode(aws_ssm_document.document.content).mainSteps[0].inputs.FunctionName == "arn:aws:lambda:us-east-1:999988887777:function:compliance-generic-remediation"':
        'the function of the Region',
    },
  },
  {
    name: 'member_global',
    module: 'member-global',
    provider: 'member',
    variables: {
      create_recorder: 'true',
      reader_principal_arns: '["arn:aws:iam::999988887777:role/audit"]',
    },
    asserts: {
      'jsondecode(aws_iam_role.compliance_evaluate.assume_role_policy).Statement[0].Condition.ArnEquals["aws:PrincipalArn"] == ["arn:aws:iam::999988887777:role/compliance-generic-rule-execution", "arn:aws:iam::999988887777:role/audit"]':
        'the function and the reader',
      'jsondecode(aws_iam_role.compliance_preflight[0].assume_role_policy).Statement[0].Condition.ArnEquals["aws:PrincipalArn"] == ["arn:aws:iam::999988887777:role/audit"]':
        'the reader alone',
      'jsondecode(aws_iam_role.compliance_automation.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333"':
        'the account that it is applied to',
      'length(aws_iam_role.compliance_config_recorder) == 1': 'the recorder role',
      'jsondecode(aws_iam_policy.compliance_forward_changes[0].policy).Statement[0].Resource == ["arn:aws:events:eu-west-1:999988887777:event-bus/compliance"]':
        'the bus of the master account',
    },
  },
  {
    name: 'member_without_readers',
    module: 'member-global',
    provider: 'member',
    command: 'plan',
    variables: { forward_changes: 'false' },
    asserts: {
      'length(aws_iam_role.compliance_preflight) == 0': 'nobody may read by default',
      'length(aws_iam_role.compliance_forward_changes) == 0': 'nothing is forwarded',
    },
  },
  {
    name: 'member_with_nothing',
    module: 'member-regional',
    provider: 'member',
    command: 'plan',
    variables: { forward_changes: 'false' },
    asserts: {
      'length(aws_config_configuration_recorder.recorder) == 0': 'no recorder by default',
      'length(aws_cloudwatch_event_rule.compliance_changes) == 0': 'nothing is forwarded',
    },
  },
  {
    name: 'member_recording_at_home',
    module: 'member-regional',
    provider: 'member',
    variables: { create_recorder: 'true' },
    asserts: {
      'contains(aws_config_configuration_recorder.recorder[0].recording_group[0].resource_types, "AWS::IAM::User")':
        'IAM is recorded at home',
    },
  },
  {
    name: 'member_recording_elsewhere',
    module: 'member-regional',
    provider: 'member_second',
    variables: { create_recorder: 'true' },
    asserts: {
      '!contains(aws_config_configuration_recorder.recorder[0].recording_group[0].resource_types, "AWS::IAM::User")':
        'IAM is recorded at home only',
      'aws_cloudwatch_event_target.compliance_changes[0].arn == "arn:aws:events:eu-west-1:999988887777:event-bus/compliance"':
        'changes go to the home Region, wherever they are',
      'contains(aws_config_configuration_recorder.recorder[0].recording_group[0].resource_types, "AWS::S3::Bucket")':
        'what is regional is recorded everywhere',
    },
  },
  {
    name: 'rollout',
    module: 'rollout/eu-west-1',
    variables: { excluded_accounts: '["444455556666"]' },
    asserts: {
      'aws_config_organization_conformance_pack.compliance_regional.excluded_accounts == toset(["444455556666", "777788889999", "999988887777"])':
        'neither who is not listed nor whose turn has not come',
    },
  },
  {
    name: 'rollout_in_a_second_region',
    module: 'rollout/us-east-1',
    provider: 'second',
  },
  {
    name: 'credentials_of_another_account',
    module: 'master-global',
    provider: 'stranger',
    command: 'plan',
    expectFailures: ['data.aws_caller_identity.current'],
  },
  {
    name: 'a_member_that_is_not_listed',
    module: 'member-global',
    provider: 'stranger',
    command: 'plan',
    expectFailures: ['data.aws_caller_identity.current'],
  },
  {
    name: 'a_region_that_is_not_listed',
    module: 'master-regional',
    provider: 'elsewhere',
    command: 'plan',
    variables: zips(ZIP),
    expectFailures: ['data.aws_region.current'],
  },
  {
    name: 'a_missing_zip',
    module: 'master-regional',
    command: 'plan',
    variables: { ...zips(ZIP), rule_zip: '"/nowhere/function.zip"' },
    expectFailures: ['var.rule_zip'],
  },
  {
    name: 'a_reader_with_a_wildcard',
    module: 'member-global',
    provider: 'member',
    command: 'plan',
    variables: { reader_principal_arns: '["arn:aws:iam::999988887777:role/*"]' },
    expectFailures: ['var.reader_principal_arns'],
  },
  {
    name: 'master_global_with_a_keeper',
    module: 'sealed/master-global',
    asserts: {
      'strcontains(aws_iam_policy.compliance_keeper_execution.policy, "kms:Sign")': 'the keeper may sign',
      'output.athena_reader_policy_arns == [aws_iam_policy.compliance_athena_reader.arn]': 'who may ask',
    },
  },
  {
    name: 'master_home_with_a_keeper',
    module: 'sealed/master-home',
    asserts: {
      'aws_s3_bucket.sealed.object_lock_enabled': 'objects can be locked',
      'aws_s3_bucket.sealed.force_destroy == false': 'data is kept by default',
      'strcontains(aws_s3_bucket_policy.sealed.policy, "arn:aws:iam::999988887777:role/compliance-keeper-execution")':
        'the keeper alone writes',
    },
  },
  {
    name: 'master_keeper',
    module: 'sealed/master-keeper',
    variables: { keeper_zip: ZIP },
    asserts: {
      'aws_lambda_function.keeper.environment[0].variables.COMPLIANCE_LOCK_DAYS == "400"': 'the lock',
      'aws_cloudwatch_event_target.keeper_target.arn == aws_lambda_function.keeper.arn': 'the schedule',
      'one(aws_s3_bucket_lifecycle_configuration.intake_expiry.rule).filter[0].prefix == "intake/"':
        'nothing else expires',
      'aws_cloudwatch_metric_alarm.ledger_not_sealed.treat_missing_data == "breaching"':
        'a keeper that does not run is noticed',
    },
  },
  {
    name: 'master_athena',
    module: 'sealed/master-athena',
    asserts: {
      'aws_glue_catalog_table.events.parameters["storage.location.template"] == "s3://compliance-sealed-999988887777/class=$${class}/dt=$${dt}/hour=$${hour}/"':
        'the folders of the keeper, in the words of Athena',
      'length(aws_glue_catalog_table.events.partition_keys) == 3': 'class, day and hour',
      'strcontains(aws_athena_named_query.exemptions_ending.query, "until (\\\\d{4}-")':
        'the query as it is tested',
      'aws_athena_workgroup.workgroup.configuration[0].bytes_scanned_cutoff_per_query == 10000000000':
        'the limit',
      'aws_athena_named_query.open_violations.workgroup == "compliance"': 'where it is found',
    },
  },
  {
    name: 'a_keeper_elsewhere',
    module: 'sealed/master-keeper',
    provider: 'second',
    command: 'plan',
    variables: { keeper_zip: ZIP },
    expectFailures: ['data.aws_region.current'],
  },
  {
    name: 'master_dashboard',
    module: 'hosted/master-dashboard',
    asserts: {
      'aws_cloudfront_distribution.dashboard.default_cache_behavior[0].response_headers_policy_id == aws_cloudfront_response_headers_policy.dashboard_headers.id':
        'the headers',
      'one(aws_cloudfront_distribution.dashboard.origin).domain_name == "compliance-dashboard-999988887777.s3.eu-west-1.amazonaws.com"':
        'the bucket of the home Region',
      'jsondecode(aws_s3_bucket_policy.dashboard_data.policy).Statement[1].Condition.ArnEquals["aws:SourceArn"] == aws_cloudfront_distribution.dashboard.arn':
        'the distribution alone reads',
      'strcontains(aws_cloudfront_function.dashboard_viewers.code, "PREFIXES = [\\"4110010110000000001110001\\"")':
        'the list',
      'output.dashboard_url == "https://compliance.example.com/"': 'the name',
    },
  },
  {
    name: 'a_dashboard_elsewhere',
    module: 'hosted/master-dashboard',
    provider: 'second',
    command: 'plan',
    expectFailures: ['data.aws_region.current'],
  },
  {
    name: 'master_home_without_an_organization',
    module: 'alone/master-home',
  },
  {
    name: 'master_regional_without_an_organization',
    module: 'alone/master-regional',
    variables: zips(ZIP),
    asserts: {
      'aws_lambda_permission.remediation_account_111122223333.principal == "111122223333"': 'the account',
    },
  },
  {
    name: 'templates_without_an_organization',
    module: 'alone/rollout/eu-west-1',
    asserts: {
      'output.packs["compliance-regional"] == "s3://${aws_s3_object.compliance_regional.bucket}/${aws_s3_object.compliance_regional.key}"':
        'the template is where the accounts look for it',
    },
  },
  {
    name: 'packs_of_one_account',
    module: 'alone/account-packs/eu-west-1',
    provider: 'member',
    asserts: {
      'aws_config_conformance_pack.compliance_regional.template_s3_uri == run.templates_without_an_organization.packs["compliance-regional"]':
        'the template that the rollout uploaded',
      'aws_config_conformance_pack.compliance_global.name == "compliance-global"': 'what is global, at home',
    },
  },
  {
    name: 'packs_of_one_account_elsewhere',
    module: 'alone/account-packs/us-east-1',
    provider: 'member_second',
  },
  {
    name: 'packs_of_an_account_that_is_not_listed',
    module: 'alone/account-packs/eu-west-1',
    provider: 'stranger',
    command: 'plan',
    expectFailures: ['data.aws_caller_identity.current'],
  },
];

const terraform = async (folder: string, ...given: readonly string[]) => {
  // The provider builds its schemas at each start: collecting garbage is a third of that.
  const { code, output } = await runTerraform({ folder, arguments: given, environment: { GOGC: '400' } });
  expect(code, output).toBe(0);
  return output;
};

const TestState = z.object({
  '@testrun': z.string(),
  test_state: z.object({
    root_module: z.object({ resources: z.array(z.object({ type: z.string(), name: z.string() })) }),
  }),
});

/** The resources that each run made, out of what `terraform test -json -verbose` says. */
const appliedIn = (said: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    said
      .split('\n')
      .filter((line) => line.includes('"test_state"'))
      .map((line) => {
        const { '@testrun': run, test_state: state } = TestState.parse(JSON.parse(line));
        return [run, state.root_module.resources.map(({ type, name }) => `${type}.${name}`)];
      }),
  );

const Resources = z.object({ resource: z.record(z.string(), z.record(z.string(), z.unknown())) });
const resourcesIn = (module: string): readonly string[] =>
  Object.entries(Resources.parse(JSON.parse(module)).resource).flatMap(([type, named]) =>
    Object.keys(named).map((name) => `${type}.${name}`),
  );

/**
 * The module with whole policies, of which Terraform judges everything but the type: the provider that is tested with,
 * 5.100, does not know it. A built-in type takes its place, with the same arguments.
 */
const withStandIns = (module: string): string => {
  const { terraform: _, resource, ...others } = Whole.parse(JSON.parse(module));
  const { aws_lambda_resource_policy: policies, ...known } = resource;
  const standIns = Object.fromEntries(
    Object.entries(policies ?? {}).map(([name, input]) => [name, { input }]),
  );
  return JSON.stringify({ ...others, resource: { ...known, terraform_data: standIns } });
};

const Whole = z.looseObject({
  terraform: z.unknown(),
  resource: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** With an organization; and, under `alone`, what is different without one. */
const emitted = async (): Promise<ModuleFiles> => {
  const rules = [...(await loadAllRules()), iamRule];
  const { id: _, ...organization } = someSettings().organization;
  const usual = terraformModules(someSettings(), rules);
  const ledger = { ...LEDGER, athena: { verdicts: VERDICTS } };
  const sealed = Object.entries(terraformModules(someSettings({ ledger }), rules));
  const alone = Object.entries(terraformModules(someSettings({ organization }), rules));
  const whole = terraformModules(someSettings({}, { invokePermission: 'organization' }), rules);
  return {
    ...usual,
    'whole/master-regional/main.tf.json': withStandIns(whole['master-regional/main.tf.json'] ?? ''),
    ...Object.fromEntries(
      sealed
        .filter(([path, content]) => usual[path] !== content)
        .map(([path, content]) => [`sealed/${path}`, content]),
    ),
    'hosted/master-dashboard/main.tf.json':
      terraformModules(someSettings({ dashboard: DASHBOARD }), rules)['master-dashboard/main.tf.json'] ?? '',
    ...Object.fromEntries(
      alone
        .filter(([path, content]) => path.startsWith('rollout/') || usual[path] !== content)
        .map(([path, content]) => [`alone/${path}`, content]),
    ),
  };
};

const MODULE = /\/main\.tf\.json$/;
const modulesIn = (files: ModuleFiles) =>
  Object.keys(files)
    .filter((path) => MODULE.test(path))
    .map((path) => path.replace(MODULE, ''));

/** Uses the modules as a platform team's own code does. */
const callerOf = (modules: readonly string[]) =>
  JSON.stringify({
    provider: { aws: {} },
    module: Object.fromEntries(
      modules.map((module) => [
        module.replaceAll(/\W/g, '_'),
        {
          source: `./${module}`,
          ...(module.endsWith('master-keeper') && { keeper_zip: 'main.tf.json' }),
          ...(module.endsWith('master-regional') && {
            rule_zip: 'main.tf.json',
            remediation_zip: 'main.tf.json',
          }),
        },
      ]),
    ),
  });

describe('what Terraform itself says', () => {
  let missing: string | undefined;
  let folder: string | undefined;
  let files: ModuleFiles;
  beforeAll(async () => {
    missing = await whyNoTerraform();
    if (missing !== undefined) return;
    files = await emitted();
    folder = await folderOf({
      ...files,
      'main.tf.json': callerOf(modulesIn(files)),
      'tests/modules.tftest.hcl': [...PROVIDERS, ...RUNS.map(testRun)].join('\n'),
    });
    await terraform(folder, 'init', '-input=false');
  });
  afterAll(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  test('Terraform accepts the modules as child modules', async ({ skip }) => {
    await expect(terraform(folder ?? skip(missing), 'validate')).resolves.toContain(
      'The configuration is valid',
    );
  });
  test('Terraform can plan and apply all resources', { timeout: 300_000 }, async ({ skip }) => {
    const said = await terraform(folder ?? skip(missing), 'test', '-json', '-verbose');
    expect(said).toContain('0 failed');
    const applied = appliedIn(said);
    for (const [path, content] of Object.entries(files).filter(([name]) => MODULE.test(name))) {
      const runs = RUNS.filter(({ module }) =>
        path.endsWith(`${module.replace(/^(alone|sealed|hosted|whole)\//, '')}/main.tf.json`),
      );
      const seen = new Set(runs.flatMap(({ name }) => applied.get(name) ?? []));
      expect(
        resourcesIn(content).filter((address) => !seen.has(address)),
        path,
      ).toEqual([]);
    }
  });
});
