import { IamRolePolicyAttachment } from '@cdktn/provider-aws/lib/iam-role-policy-attachment/index.js';
import { withConfiguredGrants, type Rule, type Settings } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { topicArn } from '../names/arn.ts';
import { forwardingRole } from '../monitoring/change-forwarding.ts';
import { recorderRole } from '../policies/config-roles.ts';
import { memberRoles } from '../policies/member-roles.ts';
import { RECORDER_TOPIC, configBucket } from '../names/names.ts';
import { preflightRole } from '../policies/preflight-access.ts';
import { enabledRules } from '../packs/enabled-rules.ts';
import { bucketArn } from '../terraform/bucket.ts';
import { ACCOUNT_ID, PARTITION, documentText } from '../terraform/expressions.ts';
import { assertPlace } from '../terraform/place.ts';
import { addRole } from '../terraform/role.ts';
import { addOutput, terraformModule, addVariable } from '../terraform/terraform-module.ts';
import type { RoleSpecification } from '../policies/trust-policy.ts';
import { addForwardChanges } from './forward-changes.ts';

/** The global part of a member account: its roles and, where wanted, the role of its recorder. */
export const memberGlobal = (settings: Settings, rules: readonly Rule[]): TerraformStack =>
  terraformModule('member-global', (stack) => {
    const { masterAccountId, managementAccountId, externalId, regions } = settings.organization;
    assertPlace(stack, { accountIds: settings.accounts.map(({ id }) => id) });
    const roles = memberRoles({
      rules: withConfiguredGrants(
        enabledRules(rules, settings),
        { settings, accounts: settings.accounts },
        { accountId: ACCOUNT_ID, partition: PARTITION },
      ),
      partition: PARTITION,
      masterAccountId,
      memberAccountId: ACCOUNT_ID,
      managementAccountId,
      externalId,
      regions,
    });
    const readers = addReaderPrincipals(stack);
    const created = {
      evaluate: addRole(stack, roles.evaluate, { trust: withReaders(readers, roles.evaluate) }),
      remediate: addRole(stack, roles.remediate),
      automation: addRole(stack, roles.automation),
    };
    addOutput(
      stack,
      'evaluate_role_arn',
      created.evaluate.arn,
      'The role that the rule function assumes to read.',
    );
    addOutput(
      stack,
      'remediate_role_arn',
      created.remediate.arn,
      'The role that the remediation function assumes to fix.',
    );
    addOutput(stack, 'automation_role_arn', created.automation.arn, 'The role that SSM Automation runs as.');
    addRecorderRole(stack, regions);
    addForwardingRole(stack, settings);
    const preflight = preflightRole(
      { partition: PARTITION, accountId: ACCOUNT_ID },
      settings.organization,
      [],
    );
    addRole(stack, preflight, {
      trust: withReaders(readers, preflight),
      count: `\${length(${readers}) > 0 ? 1 : 0}`,
    });
  });

/** Adds the variable for further readers: the people who grant this differ from those who review rules. */
const addReaderPrincipals = (stack: TerraformStack): string =>
  addVariable(stack, 'reader_principal_arns', {
    type: 'list(string)',
    default: [],
    description:
      'Roles or users of the master account that may read resources as the rule function does (compliance scan), and ' +
      'read what is deployed (compliance preflight).',
    validation: [
      {
        condition:
          '${alltrue([for arn in var.reader_principal_arns : can(regex("^arn:[^*?]+:iam::[0-9]{12}:(role|user)/[^*?]+$", arn))])}',
        errorMessage: 'Each must be the ARN of one role or user, without wildcards.',
      },
    ],
  }).replace(/^\$\{(.*)\}$/, '$1');

const withReaders = (readers: string, { trust }: RoleSpecification): string => {
  const given = JSON.stringify(trust.Statement[0].Condition?.['ArnEquals']?.['aws:PrincipalArn']);
  const text = documentText(trust).replace(given, `concat(${given}, ${readers})`);
  // JSON is also a Terraform expression.
  return `\${jsonencode(${text})}`;
};

const addForwardingRole = (stack: TerraformStack, { organization }: Settings) => {
  const member = { partition: PARTITION, accountId: ACCOUNT_ID };
  const count = addForwardChanges(stack).replace('}', ' ? 1 : 0}');
  addRole(stack, forwardingRole(member, organization), { count });
};

/** Adds the role of the recorders of all Regions, for accounts without a recorder. */
const addRecorderRole = (stack: TerraformStack, regions: readonly string[]) => {
  const createRecorder = addVariable(stack, 'create_recorder', {
    type: 'bool',
    default: false,
    description:
      'Create the role of the recorder that member-regional creates. Leave false where AWS Config already records.',
  });
  const count = createRecorder.replace('}', ' ? 1 : 0}');
  const places = regions.map((region) => ({ partition: PARTITION, region, accountId: ACCOUNT_ID }));
  const specification = recorderRole(
    { partition: PARTITION, accountId: ACCOUNT_ID },
    {
      bucketArns: places.map(({ accountId, region }) => bucketArn(configBucket(accountId, region))),
      topicArns: places.map((place) => topicArn(place, RECORDER_TOPIC)),
    },
  );
  const recorder = addRole(stack, specification, { count });
  new IamRolePolicyAttachment(stack, 'recorder_reads', {
    role: recorder.name,
    policyArn: `arn:${PARTITION}:iam::aws:policy/service-role/AWS_ConfigRole`,
  }).addOverride('count', count);
};
