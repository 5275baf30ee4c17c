import { IamPolicy } from '@cdktn/provider-aws/lib/iam-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktn/provider-aws/lib/iam-role-policy-attachment/index.js';
import { IamRole } from '@cdktn/provider-aws/lib/iam-role/index.js';
import type { TerraformStack } from 'cdktf';

import type { RoleSpecification } from '../policies/trust-policy.ts';
import { documentText, resourceName } from './expressions.ts';

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
  const parts = [
    new IamRole(stack, id, { name, assumeRolePolicy: trustText }),
    ...policies.flatMap((policy) => {
      const policyId = resourceName(policy.name);
      const managed = new IamPolicy(stack, `policy_${policyId}`, {
        name: policy.name,
        policy: documentText(policy.document),
      });
      managed.overrideLogicalId(policyId);
      const attachment = new IamRolePolicyAttachment(stack, `attachment_${policyId}`, {
        role: `\${aws_iam_role.${id}${at}.name}`,
        policyArn: `\${aws_iam_policy.${policyId}${at}.arn}`,
      });
      attachment.overrideLogicalId(policyId);
      return [managed, attachment];
    }),
  ];
  if (count !== undefined) for (const part of parts) part.addOverride('count', count);
  return { name: `\${aws_iam_role.${id}${at}.name}`, arn: `\${aws_iam_role.${id}${at}.arn}` };
};
