import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { joinPlans } from '@compliance/deployment-checks';

import { UsageError } from '../output/exit-codes.ts';
import { readJson } from './read-json.ts';

/**
 * A plan that 'terraform show -json' wrote; or all of a folder and its folders as one, each by its path.
 * @throws {UsageError} naming what cannot be read or is no plan
 */
export const readTerraformPlan = async (path: string): Promise<unknown> => {
  if (!(await isFolder(path))) return readJson(path);
  const files = (await readdir(path, { recursive: true })).filter((file) => file.endsWith('.json'));
  const plans = await Promise.all(
    files.map(async (file) => [file.replace(/\.json$/, ''), await readJson(join(path, file))] as const),
  );
  try {
    return joinPlans(Object.fromEntries(plans));
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Who reads it says what is wrong with it.
    return false;
  }
};
