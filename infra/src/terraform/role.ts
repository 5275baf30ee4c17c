import { IamPolicy } from '@cdktn/provider-aws/lib/iam-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktn/provider-aws/lib/iam-role-policy-attachment/index.js';
import { IamRole } from '@cdktn/provider-aws/lib/iam-role/index.js';
import type { TerraformStack } from 'cdktf';

import type { NamedPolicy } from '../policies/split-policy.ts';
import type { RoleSpecification } from '../policies/trust-policy.ts';
import { ACCOUNT_ID, documentText, resourceName } from './expressions.ts';

interface RoleOptions {
  /** Replaces the trust policy of the specification. */
  readonly trust?: string;
  /** A Terraform expression of 0 or 1. */
  readonly count?: string;
}

/** References to a role that may have a count of 0. */
export interface CreatedRole {
  readonly name: string;
  readonly arn: string;
}

/** Adds a role and its policies. */
export const addRole = (
  stack: TerraformStack,
  { name, policies, trust }: RoleSpecification,
  { trust: trustText = documentText(trust), count }: RoleOptions = {},
): CreatedRole => {
  const id = resourceName(name);
  const at = count === undefined ? '' : '[0]';
  const role = new IamRole(stack, id, { name, assumeRolePolicy: trustText });
  if (count !== undefined) role.addOverride('count', count);
  const roleName = `\${aws_iam_role.${id}${at}.name}`;
  for (const policy of policies)
    addPolicy(stack, policy, roleName, policy.only === undefined ? count : countIn(policy.only));
  return { name: roleName, arn: `\${aws_iam_role.${id}${at}.arn}` };
};

/** Adds a managed policy, and attaches it to the role. */
const addPolicy = (
  stack: TerraformStack,
  { name, document }: NamedPolicy,
  role: string,
  count: string | undefined,
) => {
  const id = resourceName(name);
  const managed = new IamPolicy(stack, `policy_${id}`, { name, policy: documentText(document) });
  managed.overrideLogicalId(id);
  const attachment = new IamRolePolicyAttachment(stack, `attachment_${id}`, {
    role,
    policyArn: `\${aws_iam_policy.${id}${count === undefined ? '' : '[0]'}.arn}`,
  });
  attachment.overrideLogicalId(id);
  if (count !== undefined) for (const part of [managed, attachment]) part.addOverride('count', count);
};

/** One in this account, none in any other. */
const countIn = (accountId: string): string =>
  `\${${ACCOUNT_ID.slice(2, -1)} == ${JSON.stringify(accountId)} ? 1 : 0}`;
