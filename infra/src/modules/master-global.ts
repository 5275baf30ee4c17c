import { IamPolicy } from '@cdktn/provider-aws/lib/iam-policy/index.js';
import type { Settings } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { athenaReaderPolicies } from '../policies/athena-reader.ts';
import { aggregatorRole } from '../policies/config-roles.ts';
import { keeperRole } from '../policies/keeper-role.ts';
import { masterRoles } from '../policies/master-roles.ts';
import type { FunctionKey } from '../names/names.ts';
import { preflightPolicies } from '../policies/preflight-access.ts';
import type { NamedPolicy } from '../policies/split-policy.ts';
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
    addOutput(
      stack,
      'preflight_policy_arns',
      addPolicies(stack, preflightPolicies(settings, PARTITION)),
      'The policies to attach to the identity that runs compliance preflight.',
    );
    const readers = athenaReaderPolicies({ masterAccountId, homeRegion, partition: PARTITION }, settings);
    if (readers.length > 0)
      addOutput(
        stack,
        'athena_reader_policy_arns',
        addPolicies(stack, readers),
        'The policies to attach to people who ask the ledger by Athena.',
      );
  });

/** Adds policies that are attached to nobody: other code decides who may use them. @returns their ARNs */
const addPolicies = (stack: TerraformStack, policies: readonly NamedPolicy[]): readonly string[] =>
  policies.map(
    ({ name, document }) =>
      new IamPolicy(stack, resourceName(name), { name, policy: documentText(document) }).arn,
  );
