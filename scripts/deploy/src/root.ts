import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { runTerraform, type TerraformEnd } from '@compliance/infra/terraform-cli';

import type { Place, Where } from './where.ts';

/** A module applied to one account and Region: one state. */
export interface Root extends Place {
  readonly module: string;
  /** `<module>/<account>/<region>`: the key of its state, and how it is called here. */
  readonly key: string;
  readonly variables: Variables;
}

type Values = Readonly<Record<string, unknown>>;
/** Where they depend on it: of what is there already, the addresses that the state has. */
type Variables = Values | ((addresses: readonly string[]) => Values);

export const rootOf = (module: string, { accountId, region }: Place, variables: Variables = {}): Root => ({
  module,
  accountId,
  region,
  variables,
  key: `${module.split('/')[0]}/${accountId}/${region}`,
});

/** Writes a root: the module's files as they are, and beside them provider, backend and values. Then `init`. */
export const prepare = async (where: Where, root: Root): Promise<void> => {
  const folder = join(where.roots, root.key);
  const module = join(where.modules, root.module);
  if (!existsSync(module)) throw new Error(`There is no module ${root.module}: run make synth first.`);
  // Terraform's own files stay: state, lock file, the installed provider.
  await rm(join(folder, 'packs'), { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(module, folder, { recursive: true });
  await writeJson(join(folder, 'root.tf.json'), {
    provider: { aws: [where.provider(root)] },
    terraform: { backend: where.backend(root.key) },
  });
  const init = await inTurn(() => run(where, root, ['init', '-input=false', '-reconfigure']));
  requireSuccess(root, 'init', init);
  const values =
    typeof root.variables === 'function' ? root.variables(await addressesOf(where, root)) : root.variables;
  await writeJson(join(folder, 'terraform.tfvars.json'), values);
};

/** What a prepared root has in its state; nothing when it was never applied. */
export const addressesOf = async (where: Where, root: Root): Promise<readonly string[]> => {
  const end = await run(where, root, ['state', 'list']);
  if (end.code !== 0 && end.output.includes('No state file was found')) return [];
  requireSuccess(root, 'state list', end);
  return end.output.split('\n').filter((line) => line !== '' && !line.startsWith('data.'));
};

/** Terraform in a root that is prepared. */
export const run = (where: Where, root: Root, given: readonly string[]): Promise<TerraformEnd> =>
  runTerraform({
    folder: join(where.roots, root.key),
    arguments: given,
    environment: where.environment(root),
  });

/** @throws {Error} with what Terraform said */
export const requireSuccess = ({ key }: Root, what: string, { code, output }: TerraformEnd): void => {
  if (code !== 0) throw new Error(`terraform ${what} of ${key} failed:\n${output.trim()}`);
};

const writeJson = (path: string, content: object) => writeFile(path, `${JSON.stringify(content, null, 2)}\n`);

// Two at once may spoil a cache of providers that they share.
let last: Promise<unknown> = Promise.resolve();
const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
  const mine = last.then(act, act);
  last = mine;
  return mine;
};
