import { rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { partitionOf, canonical } from '@compliance/core';
import type { TerraformEnd } from '@compliance/infra/terraform-cli';
import * as z from 'zod';

import { PLAN, readPlanAsJson, assertSuccess, runInRoot, TerraformFailure, type Root } from './root.ts';
import type { Place } from '../base/access.ts';
import type { DeployContext } from '../context/deploy-context.ts';

/**
 * Applies a planned root, and imports resources that exist already but are not in the state.
 * An interrupted run leaves such resources. They are imported only if they are exactly as planned, so that running the
 * command again is enough after an interruption.
 * @throws {TerraformFailure} when Terraform fails, or a different resource has one of our names
 */
export const applyPlanned = async (context: DeployContext, root: Root): Promise<TerraformEnd> => {
  const seen = new Set<string>();
  for (;;) {
    const end = await runInRoot(context, root, ['apply', '-input=false', PLAN]);
    const existing = end.code === 0 ? [] : parseExistingAddresses(end.output).filter((one) => !seen.has(one));
    if (existing.length === 0 || !(await planImports(context, root, existing))) {
      assertSuccess(root, 'apply', end);
      return end;
    }
    // Resources that depend on these come next, and may exist as well.
    for (const address of existing) seen.add(address);
  }
};

/** The different error messages of AWS's services for a name that exists. */
const EXISTS = /already ?(?:exist|owned)|ResourceConflictException/i;

/** The addresses that Terraform could not create because their names exist. */
const parseExistingAddresses = (output: string): readonly string[] =>
  output
    .split(/^\W*Error: /m)
    .filter((error) => EXISTS.test(error))
    .map((error) => /^\W*with (\S+),$/m.exec(error)?.[1])
    .filter((address) => address !== undefined);

interface Import {
  readonly to: string;
  readonly id: string;
}

/**
 * Plans again with imports of these addresses.
 * @returns whether there is a plan that imports all of them
 * @throws {TerraformFailure} when one differs from the configuration, or is a bucket of another account
 */
const planImports = async (
  context: DeployContext,
  root: Root,
  addresses: readonly string[],
): Promise<boolean> => {
  const imports = await findImports(context, root, addresses);
  if (imports.length < addresses.length) return false;
  await assertOwnBuckets(context, root, imports);
  const path = join(context.roots, root.key, 'imports.tf.json');
  await writeFile(path, JSON.stringify({ import: imports.map(({ to, id }) => ({ to, id })) }));
  try {
    assertSuccess(root, 'plan', await runInRoot(context, root, ['plan', '-input=false', `-out=${PLAN}`]));
  } finally {
    // Needed for one plan only: the plan contains the imports.
    await rm(path);
  }
  const { resource_changes: changes } = await readPlan(context, root);
  const others = imports
    .map((one) => ({ ...one, differs: differencesOf(changes.find(({ address }) => address === one.to)) }))
    .filter(({ differs }) => differs.length > 0);
  if (others.length > 0) throw new TerraformFailure(describeMismatches(context, root, others));
  context.say(`${root.key}: imports what an interrupted run created: ${addresses.join(', ')}`);
  return true;
};

/**
 * Bucket names are unique across all of AWS. Terraform would import a bucket of another account that lets us read it,
 * with content and readers of that account.
 */
const assertOwnBuckets = async (
  context: DeployContext,
  root: Root,
  imports: readonly (Import & { readonly type: string })[],
): Promise<void> => {
  const s3 = await context.client(S3Client, root);
  for (const { to, id: Bucket } of imports.filter(({ type }) => type === 'aws_s3_bucket'))
    try {
      await s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: root.accountId }));
    } catch (error) {
      throw new TerraformFailure(
        `The bucket ${Bucket} exists, and S3 does not confirm that account ${root.accountId} owns it, so ${to} is not imported. ` +
          'If another account owns it, that account has to delete it; if it is yours, allow s3:ListBucket on it.',
        { cause: error },
      );
    }
};

/** The attributes in which an imported resource differs from the configuration. */
const differencesOf = (found: PlannedChange | undefined): readonly string[] => {
  if (!found || found.change.actions.includes('delete')) return ['it would be replaced'];
  const { before, after } = found.change;
  return Object.entries(after ?? {})
    .filter(([key, value]) => !TERRAFORM_ONLY.has(key) && canonical(before?.[key]) !== canonical(value))
    .map(([key]) => key);
};

/** Attributes that exist only in Terraform's state, so that an import cannot read them. */
const TERRAFORM_ONLY: ReadonlySet<string> = new Set(['force_destroy']);

interface Mismatch extends Import {
  readonly differs: readonly string[];
}

const describeMismatches = (context: DeployContext, root: Root, others: readonly Mismatch[]): string => {
  const terraform = `terraform -chdir=${relative(process.cwd(), join(context.roots, root.key))}`;
  return [
    `These resources already exist in account ${root.accountId} and differ from the configuration:`,
    ...others.map(({ to, id, differs }) => `  ${to}: ${id}, different: ${differs.join(', ')}`),
    'Delete them if nobody needs them, or import them so that Terraform manages them:',
    ...others.map(({ to, id }) => `  ${terraform} import '${to}' '${id}'`),
  ].join('\n');
};

/** Returns an import for each address whose id follows from its planned values. */
const findImports = async (
  context: DeployContext,
  root: Root,
  addresses: readonly string[],
): Promise<readonly (Import & { readonly type: string })[]> => {
  const { resource_changes: changes } = await readPlan(context, root);
  return addresses.flatMap((to) => {
    const found = changes.find(({ address }) => address === to);
    const id = found && IMPORT_IDS[found.type]?.(found.change.after ?? {}, root);
    return found === undefined || id === undefined ? [] : [{ type: found.type, to, id }];
  });
};

const Values = z.record(z.string(), z.unknown()).nullish();
const PlannedChange = z.object({
  address: z.string(),
  type: z.string(),
  change: z.object({ actions: z.array(z.string()), before: Values, after: Values }),
});
type PlannedChange = z.infer<typeof PlannedChange>;
const Planned = z.object({ resource_changes: z.array(PlannedChange) });

const readPlan = async (context: DeployContext, root: Root) =>
  Planned.parse(JSON.parse(await readPlanAsJson(context, root)));

type IdOf = (values: Readonly<Record<string, unknown>>, place: Place) => string | undefined;

const byName =
  (...attributes: readonly string[]): IdOf =>
  (values) => {
    const names = attributes.map((attribute) => values[attribute]);
    return names.every((name) => typeof name === 'string') ? names.join('/') : undefined;
  };

/**
 * The import id of each type that AWS refuses to create twice with the same name.
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs the end of each resource's page
 */
const IMPORT_IDS: Readonly<Record<string, IdOf>> = {
  aws_cloudwatch_event_bus: byName('name'),
  aws_cloudwatch_log_group: byName('name'),
  aws_dynamodb_table: byName('name'),
  aws_iam_policy: ({ name }, { accountId, region }) =>
    typeof name === 'string' ? `arn:${partitionOf(region)}:iam::${accountId}:policy/${name}` : undefined,
  aws_iam_role: byName('name'),
  aws_kms_alias: byName('name'),
  aws_lambda_alias: byName('function_name', 'name'),
  aws_lambda_function: byName('function_name'),
  aws_s3_bucket: byName('bucket'),
  aws_ssm_document: byName('name'),
  aws_ssm_parameter: byName('name'),
};
