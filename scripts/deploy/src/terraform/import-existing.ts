import { rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { canonical } from '@compliance/core';
import { partitionOf } from '@compliance/infra';
import type { TerraformEnd } from '@compliance/infra/terraform-cli';
import * as z from 'zod';

import { PLAN, readPlanAsJson, assertSuccess, runInRoot, TerraformFailure, type Root } from './root.ts';
import type { Place } from '../base/access.ts';
import type { DeployContext } from '../context/deploy-context.ts';

/**
 * Applies a planned root. What a run that was cut short has made and could not write into the state is taken up, if it
 * is just as it would be made now; so running a command again is all that an interruption asks for.
 * @throws {TerraformFailure} when Terraform fails, or something else has one of our names
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
    // What hangs on these comes next, and may be there as well.
    for (const address of existing) seen.add(address);
  }
};

/** As AWS's services say it, each in its own words. */
const EXISTS = /already ?(?:exist|owned)|ResourceConflictException/i;

/** The resources that Terraform could not make because AWS has one of that name. */
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

/** @returns whether there is a new plan, that takes all of them up @throws {TerraformFailure} when one is not as ours would be */
const planImports = async (
  context: DeployContext,
  root: Root,
  addresses: readonly string[],
): Promise<boolean> => {
  const imports = await findImports(context, root, addresses);
  if (imports.length < addresses.length) return false;
  const path = join(context.roots, root.key, 'imports.tf.json');
  await writeFile(path, JSON.stringify({ import: imports }));
  try {
    assertSuccess(root, 'plan', await runInRoot(context, root, ['plan', '-input=false', `-out=${PLAN}`]));
  } finally {
    // For this once: Terraform keeps what it imports in the state, and the plan has it.
    await rm(path);
  }
  const { resource_changes: changes } = await readPlan(context, root);
  const others = imports
    .map((one) => ({ ...one, differs: differencesOf(changes.find(({ address }) => address === one.to)) }))
    .filter(({ differs }) => differs.length > 0);
  if (others.length > 0) throw new TerraformFailure(describeMismatches(context, root, others));
  context.say(`${root.key}: takes up what a run that was cut short has made: ${addresses.join(', ')}`);
  return true;
};

/** In what AWS has another one than ours would be. */
const differencesOf = (found: PlannedChange | undefined): readonly string[] => {
  if (!found || found.change.actions.includes('delete')) return ['it would be replaced'];
  const { before, after } = found.change;
  return Object.entries(after ?? {})
    .filter(([key, value]) => !TERRAFORM_ONLY.has(key) && canonical(before?.[key]) !== canonical(value))
    .map(([key]) => key);
};

/** What Terraform remembers and AWS does not know: an import cannot tell it. */
const TERRAFORM_ONLY: ReadonlySet<string> = new Set(['force_destroy']);

interface Mismatch extends Import {
  readonly differs: readonly string[];
}

const describeMismatches = (context: DeployContext, root: Root, others: readonly Mismatch[]): string => {
  const terraform = `terraform -chdir=${relative(process.cwd(), join(context.roots, root.key))}`;
  return [
    `Account ${root.accountId} has these already, made by somebody else or half made, and other than they would be made:`,
    ...others.map(({ to, id, differs }) => `  ${to}: ${id}, by ${differs.join(', ')}`),
    'Delete them if nobody needs them; or let Terraform change them from now on:',
    ...others.map(({ to, id }) => `  ${terraform} import '${to}' '${id}'`),
  ].join('\n');
};

/** One for each address whose name is known; what we make has names of our own. */
const findImports = async (
  context: DeployContext,
  root: Root,
  addresses: readonly string[],
): Promise<readonly Import[]> => {
  const { resource_changes: changes } = await readPlan(context, root);
  return addresses.flatMap((to) => {
    const found = changes.find(({ address }) => address === to);
    const id = found && IMPORT_IDS[found.type]?.(found.change.after ?? {}, root);
    return id === undefined ? [] : [{ to, id }];
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
 * Of what cannot be made when one of the name is there, what Terraform imports it by.
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
