import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';

import { UsageError } from '../output/exit-codes.ts';
import { parseYaml } from './parse-yaml.ts';
import type { YamlFormat } from './read-yaml.ts';

const run = promisify(execFile);

/** Reads a file from a git commit, if the commit has it. @throws {UsageError} when there is no such commit */
export const readYamlAtCommit = async <T>(
  format: YamlFormat<T>,
  commit: string,
  path: string,
): Promise<T | undefined> => {
  const git = async (...args: readonly string[]) =>
    (await run('git', ['-C', dirname(path), ...args], { maxBuffer: 16 * 1024 * 1024 })).stdout;
  try {
    await git('rev-parse', '--quiet', '--verify', '--end-of-options', `${commit}^{commit}`);
  } catch (error) {
    throw new UsageError(`Commit not found: ${commit}. Fetch it, or name a file with --settings-before.`, {
      cause: error,
    });
  }
  const file = `./${basename(path)}`;
  const names = await git('ls-tree', '--name-only', commit, file);
  if (names.trim() === '') return undefined;
  return parseYaml(format, await git('show', `${commit}:${file}`), `${commit}:${path}`).value;
};
