import { CommanderError, type Command } from 'commander';

import { commitOf } from '../output/commit-of.ts';
import manifest from '../../package.json' with { type: 'json' };

/** Adds `--version`, which is found out only when it is asked for. */
export const addVersion = (program: Command): void => {
  program.option('-V, --version', 'print the version').on('option:version', () => {
    process.stdout.write(`${versionText()}\n`);
    throw new CommanderError(0, 'commander.version', '');
  });
};

/** `0.0.0 (76d9fd2), Node v24.1.0`: the commit that was bundled, or that of the checkout. */
const versionText = (): string => {
  // The bundler writes the commit in place of this variable, which it knows by exactly this text.
  const commit = process.env.BUILT_COMMIT ?? commitOf(import.meta.dirname);
  return `${manifest.version}${commit === undefined ? '' : ` (${commit})`}, Node ${process.version}`;
};
