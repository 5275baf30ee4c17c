import { IamPolicy } from '@cdktn/provider-aws/lib/iam-policy/index.js';
import type { Settings } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { aggregatorRole } from '../policies/config-roles.ts';
import { masterRoles } from '../policies/master-roles.ts';
import type { FunctionKey } from '../names/names.ts';
import { preflightPolicies } from '../policies/preflight-access.ts';
import { PARTITION, documentText, resourceName } from '../terraform/expressions.ts';
import { assertPlace } from '../terraform/place.ts';
import { addRole } from '../terraform/role.ts';
import { addOutput, terraformModule } from '../terraform/terraform-module.ts';

const KEYS: readonly FunctionKey[] = ['rule', 'remediation'];

/** What the functions run as: once for the master account, whichever its Regions. */
export const masterGlobal = (settings: Settings): TerraformStack =>
  terraformModule('master-global', (stack) => {
    const { organization } = settings;
    const { masterAccountId, homeRegion } = organization;
    assertPlace(stack, { accountIds: [masterAccountId] });
    const roles = masterRoles({ masterAccountId, homeRegion, partition: PARTITION });
    for (const key of KEYS)
      addOutput(
        stack,
        `${key}_role_arn`,
        addRole(stack, roles[key]).arn,
        `What the ${key} function runs as.`,
      );
    if (organization.id !== undefined)
      addOutput(
        stack,
        'aggregator_role_arn',
        addRole(stack, aggregatorRole({ partition: PARTITION, accountId: masterAccountId })).arn,
        'What the aggregator of AWS Config runs as.',
      );
    addPreflightPolicies(stack, settings);
  });

/** Attached to nobody: who may look is decided elsewhere. */
const addPreflightPolicies = (stack: TerraformStack, settings: Settings) => {
  const policies = preflightPolicies(settings, PARTITION).map(
    ({ name, document }) =>
      new IamPolicy(stack, resourceName(name), { name, policy: documentText(document) }),
  );
  addOutput(
    stack,
    'preflight_policy_arns',
    policies.map(({ arn }) => arn),
    'To attach to whoever runs compliance preflight.',
  );
};
