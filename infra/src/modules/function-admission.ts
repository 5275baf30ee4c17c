import { LambdaPermission } from '@cdktn/provider-aws/lib/lambda-permission/index.js';
import type { LambdaFunction } from '@cdktn/provider-aws/lib/lambda-function/index.js';
import { LambdaResourcePolicy } from '@cdktn/provider-aws/lib/lambda-resource-policy/index.js';
import type { Settings } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { ANY_ACCOUNT, fitsByAccount, functionPermissions } from '../functions/function-permissions.ts';
import { CONFIG, organizationPolicies, type FunctionPolicy } from '../functions/organization-policies.ts';
import type { FunctionKey } from '../names/names.ts';
import { PARTITION, REGION, documentText } from '../terraform/expressions.ts';
import { addVariable } from '../terraform/terraform-module.ts';

type Functions = Readonly<Record<FunctionKey, LambdaFunction>>;

/** Adds who may invoke the functions: statements, or whole policies where the settings choose them. */
export const addAdmission = (stack: TerraformStack, settings: Settings, created: Functions): void => {
  // Names that are known when the plan is made, so that a review can show and check the policies.
  const master = { partition: PARTITION, region: REGION, accountId: settings.organization.masterAccountId };
  const policies = organizationPolicies(settings, master);
  if (policies) addPolicies(stack, policies, created);
  else addPermissions(stack, settings, created);
  keepFirstStatements(stack, settings);
};

/**
 * Adds whole policies. The statements before stay in the functions' policies, and Terraform forgets them: the new policy
 * then replaces them in one call. If Terraform removed them, nobody would be admitted until the policy is put.
 * @see https://developer.hashicorp.com/terraform/language/block/removed
 */
const addPolicies = (
  stack: TerraformStack,
  policies: Readonly<Record<FunctionKey, FunctionPolicy>>,
  created: Functions,
): void => {
  for (const key of ['rule', 'remediation'] as const)
    new LambdaResourcePolicy(stack, `${key}_policy`, {
      resourceArn: created[key].arn,
      policy: documentText(policies[key]),
    });
  stack.addOverride(
    'removed',
    ['rule_config', 'remediation_organization'].map((name) => ({
      from: `aws_lambda_permission.${name}`,
      lifecycle: { destroy: false },
    })),
  );
};

/** Adds statement by statement. */
const addPermissions = (stack: TerraformStack, settings: Settings, created: Functions): void => {
  const { remediation } = functionPermissions(settings);
  for (const permission of remediation)
    new LambdaPermission(stack, `remediation_${permission.StatementId.replaceAll('-', '_')}`, {
      functionName: created.remediation.functionName,
      statementId: permission.StatementId,
      action: permission.Action,
      principal: permission.Principal,
      ...(permission.PrincipalOrgID !== undefined && { principalOrgId: permission.PrincipalOrgID }),
    });
  const admitted = new LambdaPermission(stack, 'rule_config', {
    functionName: created.rule.functionName,
    statementId: 'config-${each.value}',
    action: 'lambda:InvokeFunction',
    principal: CONFIG,
    sourceAccount: `\${each.value == "${ANY_ACCOUNT}" ? null : each.value}`,
  });
  admitted.addOverride('for_each', addAccounts(stack, settings));
};

/**
 * Moves the statements of the first release, which had one resource for each account.
 * Without this, Terraform deletes and adds a statement with the same id at the same time, in an undefined order.
 * @see https://developer.hashicorp.com/terraform/language/block/moved
 */
const keepFirstStatements = (stack: TerraformStack, settings: Settings): void => {
  const moved = accountsWithStatement(settings).map((id) => ({
    from: `aws_lambda_permission.rule_config_${id}`,
    to: `aws_lambda_permission.rule_config["${id}"]`,
  }));
  if (moved.length > 0) stack.addOverride('moved', moved);
};

/** The accounts with a statement of their own; none when there are more than a function's policy holds. */
const accountsWithStatement = (settings: Settings): readonly string[] =>
  fitsByAccount(settings) ? settings.accounts.map(({ id }) => id).toSorted() : [];

/** Adds the variable that chooses the statements, and returns their keys: each account, or one for any account. */
const addAccounts = (stack: TerraformStack, settings: Settings): string => {
  const byAccount = fitsByAccount(settings);
  addVariable(stack, 'config_admission', {
    type: 'string',
    // The variable's values are published with the module.
    default: settings.organization.invokePermission === 'any-account' ? 'open' : 'accounts',
    description:
      'Accounts on whose behalf AWS Config may invoke the rule function. accounts: each account of compliance.yaml. ' +
      'open: any AWS account, at your cost, when there are more accounts than the policy of a function holds.',
    validation: [
      {
        condition: `\${contains(${JSON.stringify(byAccount ? ['accounts', 'open'] : ['open'])}, var.config_admission)}`,
        errorMessage: byAccount
          ? 'Must be accounts or open.'
          : 'Must be open: there are more accounts than the policy of a function holds.',
      },
    ],
  });
  const listed = JSON.stringify(accountsWithStatement(settings));
  return `\${toset(var.config_admission == "open" ? ["${ANY_ACCOUNT}"] : ${listed})}`;
};
