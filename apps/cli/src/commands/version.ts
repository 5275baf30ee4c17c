import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CommanderError, type Command } from 'commander';
import * as z from 'zod';

const PACKAGE = join(import.meta.dirname, '../..');

/** Adds `--version`, which is found out only when it is asked for. */
export const addVersion = (program: Command): void => {
  program.option('-V, --version', 'print the version').on('option:version', () => {
    process.stdout.write(`${versionText()}\n`);
    throw new CommanderError(0, 'commander.version', '');
  });
};

/** `0.0.0 (76d9fd2), Node v24.1.0`: the commit tells apart what runs from a checkout. */
const versionText = (): string => {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')));
  const commit = commitOf(PACKAGE);
  return `${version}${commit === undefined ? '' : ` (${commit})`}, Node ${process.version}`;
};

const commitOf = (folder: string): string | undefined => {
  try {
    const args = ['-C', folder, 'describe', '--always', '--dirty'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    // Not a checkout, or no git: the number alone has to do.
    return undefined;
  }
};
