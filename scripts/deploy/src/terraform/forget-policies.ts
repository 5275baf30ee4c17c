import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { policyOrganization } from '@compliance/infra';

import { FORGOTTEN, listAddresses, type Root } from './root.ts';
import type { DeployContext } from '../context/deploy-context.ts';

/**
 * Lets Terraform forget the whole policies of functions where the settings no longer choose them.
 * Terraform would delete the policies in no defined order with adding the statements, and a deleted policy takes those
 * with it. Statements that are added to a policy are appended: who was admitted stays so, until
 * `removeFormerStatements`. The modules cannot say so: without the setting they are what they always were.
 */
export const forgetPolicies = async (context: DeployContext, root: Root): Promise<void> => {
  if (root.module !== 'master-regional' || policyOrganization(context.settings.organization) !== undefined)
    return;
  const addresses = await listAddresses(context, root);
  const policies = addresses.filter((address) => address.startsWith('aws_lambda_resource_policy.'));
  if (policies.length === 0) return;
  const removed = policies.map((from) => ({ from, lifecycle: { destroy: false } }));
  await writeFile(join(context.roots, root.key, FORGOTTEN), JSON.stringify({ removed }));
};
