import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import type { TerraformEnd } from '@compliance/infra/terraform-cli';
import * as z from 'zod';

import type { Place } from '../base/access.ts';
import type { DeployContext } from '../context/deploy-context.ts';

/** A module applied to one account and Region, with a state of its own. */
export interface Root extends Place {
  readonly module: string;
  /** `<module>/<account>/<region>`: the key of its state, and its name in messages. */
  readonly key: string;
  readonly variables: Variables;
}

type Values = Readonly<Record<string, unknown>>;
/** Values, or a function of the addresses that the state already has. */
type Variables = Values | ((addresses: readonly string[]) => Values);

/** The file of a root's plan, in its folder. */
export const PLAN = 'terraform.plan';

/** The file of what Terraform forgets, in a root's folder. It stays for every plan of a run, and no longer. */
export const FORGOTTEN = 'forgotten.tf.json';

export const createRoot = (
  module: string,
  { accountId, region }: Place,
  variables: Variables = {},
): Root => ({
  module,
  accountId,
  region,
  variables,
  key: `${module.split('/')[0]}/${accountId}/${region}`,
});

/**
 * Writes a root: the module's files, provider, backend and values. Runs `init` if any of them requires it.
 */
export const prepareRoot = async (context: DeployContext, root: Root): Promise<void> => {
  await writeRoot(context, root);
  const values =
    typeof root.variables === 'function'
      ? root.variables(await listAddresses(context, root))
      : root.variables;
  await writeJson(join(context.roots, root.key, 'terraform.tfvars.json'), values);
};

/** Prepares a root like `prepareRoot`. @returns whether its state has resources */
export const prepareIfDeployed = async (context: DeployContext, root: Root): Promise<boolean> => {
  await writeRoot(context, root);
  const addresses = await listAddresses(context, root);
  const values = typeof root.variables === 'function' ? root.variables(addresses) : root.variables;
  await writeJson(join(context.roots, root.key, 'terraform.tfvars.json'), values);
  return addresses.length > 0;
};

const writeRoot = async (context: DeployContext, root: Root): Promise<void> => {
  const folder = join(context.roots, root.key);
  const module = join(context.modules, root.module);
  if (!existsSync(module)) throw new Error(`Module not found: ${root.module}. Run make synth first.`);
  // Terraform's own files stay: state, lock file and installed provider.
  await rm(join(folder, 'packs'), { recursive: true, force: true });
  await rm(join(folder, FORGOTTEN), { force: true });
  await mkdir(folder, { recursive: true });
  await cp(module, folder, { recursive: true });
  const text = json({
    provider: { aws: [context.provider(root)] },
    terraform: { backend: context.backend(root.key) },
  });
  await writeFile(join(folder, 'root.tf.json'), text);
  await initialize(context, root, text + (await readRequirements(module)));
};

/** The part of a module that `init` depends on, apart from the backend. */
const readRequirements = async (module: string): Promise<string> => {
  const { terraform } = Requirements.parse(JSON.parse(await readFile(join(module, 'main.tf.json'), 'utf8')));
  return json(terraform);
};

const Requirements = z.object({ terraform: z.json() });

const initialize = async (context: DeployContext, root: Root, wanted: string): Promise<void> => {
  const note = join(context.roots, root.key, '.terraform/initialized-for');
  if ((await readFile(note, 'utf8').catch(() => '')) === wanted) return;
  const init = (...more: readonly string[]) =>
    oneAtATime(() => runInRoot(context, root, ['init', '-input=false', '-reconfigure', ...more]));
  const end = await init();
  // The lock file of a run before may name a version that the module no longer accepts.
  assertSuccess(root, 'init', OUTDATED.test(end.output) ? await init('-upgrade') : end);
  await mkdir(dirname(note), { recursive: true });
  await writeFile(note, wanted);
};

const OUTDATED = /must use\s+terraform\s+init\s+-upgrade/;

/** The addresses in the state of a root; empty when it was never applied. */
export const listAddresses = async (context: DeployContext, root: Root): Promise<readonly string[]> => {
  const end = await runInRoot(context, root, ['state', 'list']);
  if (end.code !== 0 && end.output.includes('No state file was found')) return [];
  assertSuccess(root, 'state list', end);
  return end.output.split('\n').filter((line) => line !== '' && !line.startsWith('data.'));
};

/** Returns the plan of a root as JSON. */
export const readPlanAsJson = async (context: DeployContext, root: Root): Promise<string> => {
  const end = await runInRoot(context, root, ['show', '-json', PLAN]);
  assertSuccess(root, 'show', end);
  return end.output;
};

/** Runs Terraform in a prepared root. @throws {Interruption} when the command was interrupted before or during the run */
export const runInRoot = async (
  context: DeployContext,
  root: Root,
  given: readonly string[],
): Promise<TerraformEnd> => {
  context.signal.throwIfAborted();
  const folder = join(context.roots, root.key);
  const end = await context.terraform({
    folder,
    arguments: given,
    environment: context.environment(root),
  });
  if (end.code !== 0) context.signal.throwIfAborted();
  return withUnlockHint(folder, end);
};

/** Terraform ended with an error. */
export class TerraformFailure extends Error {}

/** @throws {TerraformFailure} with Terraform's output */
export const assertSuccess = ({ key }: Root, what: string, { code, output }: TerraformEnd): void => {
  if (code !== 0) throw new TerraformFailure(`terraform ${what} of ${key} failed:\n${output.trim()}`);
};

/** Adds the unlock command to a lock error. Only a person who knows that the run was killed may unlock. */
const withUnlockHint = (folder: string, end: TerraformEnd): TerraformEnd => {
  const [, id] = /Error acquiring the state lock[^]*^\W*ID: +(\S+)/m.exec(end.output) ?? [];
  if (id === undefined) return end;
  const free = `terraform -chdir=${relative(process.cwd(), folder)} force-unlock -force ${id}`;
  return {
    ...end,
    output: `${end.output}\nAnother run holds the lock. If that run was killed, unlock with: ${free}`,
  };
};

const json = (content: unknown) => `${JSON.stringify(content, null, 2)}\n`;

const writeJson = (path: string, content: object) => writeFile(path, json(content));

// Concurrent `init` runs can corrupt a shared provider cache.
let last: Promise<unknown> = Promise.resolve();
const oneAtATime = <T>(act: () => Promise<T>): Promise<T> => {
  const mine = last.then(act, act);
  last = mine;
  return mine;
};
