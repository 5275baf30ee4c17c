import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { GetPolicyCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { parseSettings } from '@compliance/core';
import { expect, test } from 'vitest';

import type { DeployContext } from '../src/context/deploy-context.ts';
import { findFormerStatements, removeFormerStatements } from '../src/functions/former-statements.ts';
import { forgetPolicies } from '../src/terraform/forget-policies.ts';
import { FORGOTTEN, createRoot } from '../src/terraform/root.ts';
import { fakeOrganization } from './fake-organization.ts';

const PLACE = { accountId: '999988887777', region: 'eu-west-1' };
const STATE = [
  'data.aws_partition.current',
  'aws_lambda_function.rule',
  'aws_lambda_resource_policy.remediation_policy',
  'aws_lambda_resource_policy.rule_policy',
].join('\n');

const contextWith = async (invokePermission: string, more: object = {}): Promise<DeployContext> => {
  const { context } = await fakeOrganization(['111122223333']);
  const given = context();
  const { organization, ...settings } = given.settings;
  return {
    ...given,
    settings: parseSettings({ ...settings, organization: { ...organization, invokePermission } }),
    terraform: async () => ({ code: 0, output: STATE }),
    ...more,
  };
};

/** What Terraform forgets with the next plan of a root. */
const forgottenBy = async (context: DeployContext, module = 'master-regional'): Promise<unknown> => {
  const root = createRoot(module, PLACE);
  const file = join(context.roots, root.key, FORGOTTEN);
  await mkdir(join(context.roots, root.key), { recursive: true });
  await forgetPolicies(context, root);
  if (!existsSync(file)) return undefined;
  const forgotten: unknown = JSON.parse(await readFile(file, 'utf8'));
  return forgotten;
};

test('whole policies that the settings no longer choose are forgotten, not deleted', async () => {
  await expect(forgottenBy(await contextWith('per-account'))).resolves.toEqual({
    removed: ['remediation_policy', 'rule_policy'].map((name) => ({
      from: `aws_lambda_resource_policy.${name}`,
      lifecycle: { destroy: false },
    })),
  });
});

test('whole policies that the settings choose, and other modules, are left alone', async () => {
  await expect(forgottenBy(await contextWith('organization'))).resolves.toBeUndefined();
  await expect(forgottenBy(await contextWith('per-account'), 'master-home')).resolves.toBeUndefined();
});

test('only the statements of a whole policy are removed, and only when the settings no longer choose it', async () => {
  const removed: unknown[] = [];
  const statements: Readonly<Record<string, readonly string[]>> = {
    'compliance-generic-rule': ['ConfigOfOrganization', 'config-111122223333'],
    'compliance-generic-remediation': ['organization'],
  };
  const send = async (command: unknown) => {
    if (command instanceof RemovePermissionCommand) removed.push(command.input);
    if (!(command instanceof GetPolicyCommand)) return {};
    const Statement = statements[command.input.FunctionName ?? '']?.map((Sid) => ({ Sid }));
    return { Policy: JSON.stringify({ Statement }) };
  };
  const client = async () => ({ send });
  const context = await contextWith('per-account', { client });
  await removeFormerStatements(context, await findFormerStatements(context));
  expect(removed).toEqual([{ FunctionName: 'compliance-generic-rule', StatementId: 'ConfigOfOrganization' }]);
  await expect(findFormerStatements(await contextWith('organization', { client }))).resolves.toEqual([]);
});
