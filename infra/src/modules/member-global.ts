import { IamRolePolicyAttachment } from '@cdktn/provider-aws/lib/iam-role-policy-attachment/index.js';
import type { Rule, Settings } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { topicArn } from '../names/arn.ts';
import { forwardingRole } from '../monitoring/change-forwarding.ts';
import { recorderRole } from '../policies/config-roles.ts';
import { memberRoles } from '../policies/member-roles.ts';
import { RECORDER_TOPIC, configBucket } from '../names/names.ts';
import { preflightRole } from '../policies/preflight-access.ts';
import { enabledRules } from '../packs/recorded-types.ts';
import { bucketArn } from '../terraform/bucket.ts';
import { ACCOUNT_ID, PARTITION, documentText } from '../terraform/expressions.ts';
import { assertPlace } from '../terraform/place.ts';
import { addRole } from '../terraform/role.ts';
import { addOutput, terraformModule, addVariable } from '../terraform/terraform-module.ts';
import type { RoleSpecification } from '../policies/trust-policy.ts';
import { addForwardChanges } from './forward-changes.ts';

/** The roles of a member account: all that the product may do there, and, where wanted, what its recorder runs as. */
export const memberGlobal = (settings: Settings, rules: readonly Rule[]): TerraformStack =>
  terraformModule('member-global', (stack) => {
    const { masterAccountId, externalId, regions } = settings.organization;
    assertPlace(stack, { accountIds: settings.accounts.map(({ id }) => id) });
    const roles = memberRoles({
      rules: enabledRules(rules, settings),
      partition: PARTITION,
      masterAccountId,
      memberAccountId: ACCOUNT_ID,
      externalId,
      regions,
    });
    const readers = addReaderPrincipals(stack);
    const created = {
      evaluate: addRole(stack, roles.evaluate, { trust: withReaders(readers, roles.evaluate) }),
      remediate: addRole(stack, roles.remediate),
      automation: addRole(stack, roles.automation),
    };
    addOutput(stack, 'evaluate_role_arn', created.evaluate.arn, 'What the rule function reads as.');
    addOutput(stack, 'remediate_role_arn', created.remediate.arn, 'What the remediation function fixes as.');
    addOutput(stack, 'automation_role_arn', created.automation.arn, 'What SSM Automation runs as.');
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

/** The identities that may look, besides the function, are an input: others than those who review rules grant it. */
const addReaderPrincipals = (stack: TerraformStack): string =>
  addVariable(stack, 'reader_principal_arns', {
    type: 'list(string)',
    default: [],
    description:
      'Roles or users of the master account that may read as the rule function does, for compliance scan, and look ' +
      'at what is deployed, for compliance preflight.',
    validation: [
      {
        condition:
          '${alltrue([for arn in var.reader_principal_arns : can(regex("^arn:[^*?]+:iam::[0-9]{12}:(role|user)/[^*?]+$", arn))])}',
        errorMessage: 'Each is the ARN of one role or user, without wildcards.',
      },
    ],
  }).replace(/^\$\{(.*)\}$/, '$1');

const withReaders = (readers: string, { trust }: RoleSpecification): string => {
  const given = JSON.stringify(trust.Statement[0].Condition?.['ArnEquals']?.['aws:PrincipalArn']);
  const text = documentText(trust).replace(given, `concat(${given}, ${readers})`);
  // JSON is also an expression of Terraform's.
  return `\${jsonencode(${text})}`;
};

const addForwardingRole = (stack: TerraformStack, { organization }: Settings) => {
  const member = { partition: PARTITION, accountId: ACCOUNT_ID };
  const count = addForwardChanges(stack).replace('}', ' ? 1 : 0}');
  addRole(stack, forwardingRole(member, organization), { count });
};

/** For accounts that have no recorder of their own; one apply per account, for the recorders of all Regions. */
const addRecorderRole = (stack: TerraformStack, regions: readonly string[]) => {
  const createRecorder = addVariable(stack, 'create_recorder', {
    type: 'bool',
    default: false,
    description:
      'Make the role for the recorder that member-regional makes. False where AWS Config already records.',
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
