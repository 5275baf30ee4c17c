import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

import { CommanderError, type Command } from 'commander';
import * as z from 'zod';

// By its name, so that it is found from the bundle too.
const MANIFEST = createRequire(import.meta.url).resolve('@compliance/cli/package.json');

/** Adds `--version`, which is found out only when it is asked for. */
export const addVersion = (program: Command): void => {
  program.option('-V, --version', 'print the version').on('option:version', () => {
    process.stdout.write(`${versionText()}\n`);
    throw new CommanderError(0, 'commander.version', '');
  });
};

/** `0.0.0 (76d9fd2), Node v24.1.0`: the commit tells apart what runs from a checkout. */
const versionText = (): string => {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(MANIFEST, 'utf8')));
  const commit = commitOf(dirname(MANIFEST));
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
