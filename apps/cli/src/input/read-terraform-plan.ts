import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { joinPlans } from '@compliance/deployment-checks';

import { UsageError, usageErrorFrom } from '../output/exit-codes.ts';
import { readJson } from './read-json.ts';

/**
 * Reads the output of 'terraform show -json': one file, or all files of a folder joined by path.
 * @throws {UsageError} naming the file that cannot be read or is not a plan
 */
export const readTerraformPlan = async (path: string): Promise<unknown> => {
  if (!path.endsWith('.json') && !existsSync(path))
    throw new UsageError(`No plans in ${path}: there is no such folder. Run make plan first.`);
  const files = (await isFolder(path))
    ? (await readdir(path, { recursive: true }))
        .filter((file) => file.endsWith('.json'))
        .map((file) => [file.replace(/\.json$/, ''), join(path, file)] as const)
    : [[path, path] as const];
  const plans = await Promise.all(files.map(async ([name, file]) => [name, await readJson(file)] as const));
  try {
    return joinPlans(Object.fromEntries(plans));
  } catch (error) {
    throw usageErrorFrom(`Invalid plan in ${path}`, error);
  }
};

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Reading the file reports what is wrong with it.
    return false;
  }
};
