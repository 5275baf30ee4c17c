import { IamPolicy } from '@cdktn/provider-aws/lib/iam-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktn/provider-aws/lib/iam-role-policy-attachment/index.js';
import { IamRole } from '@cdktn/provider-aws/lib/iam-role/index.js';
import type { TerraformStack } from 'cdktf';

import type { RoleSpecification } from '../trust-policy.ts';
import { documentText, resourceName } from './expressions.ts';

/** A role and its policies. `trust` where the specification's text is not all of it. */
export const role = (
  stack: TerraformStack,
  specification: RoleSpecification,
  { trust = documentText(specification.trust) }: { readonly trust?: string } = {},
): IamRole => {
  const { name, policies } = specification;
  const created = new IamRole(stack, resourceName(name), { name, assumeRolePolicy: trust });
  for (const policy of policies) {
    const id = resourceName(policy.name);
    const managed = new IamPolicy(stack, `policy_${id}`, {
      name: policy.name,
      policy: documentText(policy.document),
    });
    managed.overrideLogicalId(id);
    new IamRolePolicyAttachment(stack, `attachment_${id}`, {
      role: created.name,
      policyArn: managed.arn,
    }).overrideLogicalId(id);
  }
  return created;
};
