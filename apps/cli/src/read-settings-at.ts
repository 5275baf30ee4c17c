import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';

import { Settings } from '@compliance/core';

import { UsageError } from './exit-codes.ts';
import { SETTINGS_FILE } from './read-settings.ts';
import { parseYaml } from './read-yaml.ts';

const run = promisify(execFile);

/** The settings file as a commit of its repository has it; none where the commit has no such file. */
export const readSettingsAt = async (commit: string, path = SETTINGS_FILE): Promise<Settings | undefined> => {
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
  return parseYaml(Settings, await git('show', `${commit}:${file}`), `${commit}:${path}`).value;
};
