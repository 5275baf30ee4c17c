import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { LambdaClient } from '@aws-sdk/client-lambda';
import { FUNCTIONS, functionPermissions, policyOrganization, type FunctionKey } from '@compliance/infra';

import { readStatementIds } from '../base/read-statement-ids.ts';
import { FORGOTTEN, listAddresses, type Root } from './root.ts';
import type { DeployContext } from '../context/deploy-context.ts';

/**
 * Lets Terraform forget the whole policies of functions where the settings no longer choose them.
 * Terraform would delete the policies in no defined order with adding the statements, and a deleted policy takes those
 * with it. Statements that are added to a policy are appended: who was admitted stays so, until
 * `removeFormerStatements`. The modules cannot say so: without the setting they are what they always were.
 * Where a change to whole policies failed, Terraform forgot statements that are still there: it manages them again.
 */
export const forgetPolicies = async (context: DeployContext, root: Root): Promise<void> => {
  if (root.module !== 'master-regional' || policyOrganization(context.settings.organization) !== undefined)
    return;
  const addresses = await listAddresses(context, root);
  const policies = addresses.filter((address) => address.startsWith('aws_lambda_resource_policy.'));
  const removed = policies.map((from) => ({ from, lifecycle: { destroy: false } }));
  const imports = await forgottenStatements(context, root, addresses);
  if (removed.length + imports.length === 0) return;
  const text = {
    ...(removed.length > 0 && { removed }),
    ...(imports.length > 0 && { import: imports }),
  };
  await writeFile(join(context.roots, root.key, FORGOTTEN), JSON.stringify(text));
};

/** The statements that the settings want and a function's policy has, but not the state. */
const forgottenStatements = async (context: DeployContext, root: Root, addresses: readonly string[]) => {
  // The functions of a Region that is new have no policies.
  if (!addresses.includes('aws_lambda_function.rule')) return [];
  const wanted = functionPermissions(context.settings);
  const lambda = await context.client(LambdaClient, root);
  const each = KEYS.map(async (key) => {
    const missing = wanted[key].filter(
      ({ StatementId }) => !addressesOf(key, StatementId).some((address) => addresses.includes(address)),
    );
    if (missing.length === 0) return [];
    const live = await readStatementIds(lambda, FUNCTIONS[key]);
    return missing
      .filter(({ StatementId }) => live.includes(StatementId))
      .map(({ FunctionName, StatementId }) => ({
        to: addressesOf(key, StatementId)[0],
        id: `${FunctionName}/${StatementId}`,
      }));
  });
  return (await Promise.all(each)).flat();
};

const KEYS = ['rule', 'remediation'] as const satisfies readonly FunctionKey[];

/** The address of a statement in the modules, and the one that the first release gave it. */
const addressesOf = (key: FunctionKey, StatementId: string): readonly [string, ...string[]] => {
  if (key === 'remediation') return [`aws_lambda_permission.remediation_${StatementId.replaceAll('-', '_')}`];
  const account = StatementId.replace(/^config-/, '');
  return [`aws_lambda_permission.rule_config["${account}"]`, `aws_lambda_permission.rule_config_${account}`];
};
