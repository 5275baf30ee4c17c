import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';

import type * as z from 'zod';

import { UsageError } from '../output/exit-codes.ts';
import { parseYaml } from './read-yaml.ts';

const run = promisify(execFile);

/** A file as a commit of its repository has it; none where the commit has no such file. @throws {UsageError} */
export const readYamlAtCommit = async <T>(
  schema: z.ZodType<T>,
  commit: string,
  path: string,
): Promise<T | undefined> => {
  const git = async (...words: readonly string[]) =>
    (await run('git', ['-C', dirname(path), ...words], { maxBuffer: 16 * 1024 * 1024 })).stdout;
  try {
    await git('rev-parse', '--quiet', '--verify', '--end-of-options', `${commit}^{commit}`);
  } catch (error) {
    throw new UsageError(
      `git knows no commit ${commit} here: fetch it, or name a file with --settings-before.`,
      { cause: error },
    );
  }
  const file = `./${basename(path)}`;
  const there = await git('ls-tree', '--name-only', commit, file);
  if (there.trim() === '') return undefined;
  return parseYaml(schema, await git('show', `${commit}:${file}`), `${commit}:${path}`).value;
};
