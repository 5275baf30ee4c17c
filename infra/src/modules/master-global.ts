import { IamPolicy } from '@cdktn/provider-aws/lib/iam-policy/index.js';
import type { Settings } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { aggregatorRole } from '../policies/config-roles.ts';
import { keeperRole } from '../policies/keeper-role.ts';
import { masterRoles } from '../policies/master-roles.ts';
import type { FunctionKey } from '../names/names.ts';
import { preflightPolicies } from '../policies/preflight-access.ts';
import { PARTITION, documentText, resourceName } from '../terraform/expressions.ts';
import { assertPlace } from '../terraform/place.ts';
import { addRole } from '../terraform/role.ts';
import { addOutput, terraformModule } from '../terraform/terraform-module.ts';

const KEYS: readonly FunctionKey[] = ['rule', 'remediation'];

/** The global part of the master account: the execution roles of the functions. */
export const masterGlobal = (settings: Settings): TerraformStack =>
  terraformModule('master-global', (stack) => {
    const { organization } = settings;
    const { masterAccountId, homeRegion } = organization;
    assertPlace(stack, { accountIds: [masterAccountId] });
    const roles = masterRoles({
      masterAccountId,
      homeRegion,
      partition: PARTITION,
      organizationId: settings.organization.id,
    });
    for (const key of KEYS)
      addOutput(
        stack,
        `${key}_role_arn`,
        addRole(stack, roles[key]).arn,
        `The execution role of the ${key} function.`,
      );
    const keeper = keeperRole({ masterAccountId, homeRegion, partition: PARTITION }, settings);
    if (keeper)
      addOutput(
        stack,
        'keeper_role_arn',
        addRole(stack, keeper).arn,
        'The execution role of the function that seals the ledger.',
      );
    if (organization.id !== undefined)
      addOutput(
        stack,
        'aggregator_role_arn',
        addRole(stack, aggregatorRole({ partition: PARTITION, accountId: masterAccountId })).arn,
        'The role of the AWS Config aggregator.',
      );
    addPreflightPolicies(stack, settings);
  });

/** Adds the policies of `compliance preflight`, attached to nobody: other code decides who may use them. */
const addPreflightPolicies = (stack: TerraformStack, settings: Settings) => {
  const policies = preflightPolicies(settings, PARTITION).map(
    ({ name, document }) =>
      new IamPolicy(stack, resourceName(name), { name, policy: documentText(document) }),
  );
  addOutput(
    stack,
    'preflight_policy_arns',
    policies.map(({ arn }) => arn),
    'The policies to attach to the identity that runs compliance preflight.',
  );
};
