import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { REPOSITORY } from '../base/paths.ts';
import type { DeployContext } from '../context/deploy-context.ts';

const runFile = promisify(execFile);

/**
 * Renders the Terraform modules for the settings, and says where; with `sizes`, also the size of what they deploy.
 * @throws {Error} with every problem of the settings
 */
export const synth = async (
  { settingsPath, modules, say }: Pick<DeployContext, 'settingsPath' | 'modules' | 'say'>,
  { sizes }: { readonly sizes: boolean } = { sizes: false },
): Promise<void> => {
  const program = join(REPOSITORY, 'infra/src/main.ts');
  try {
    const { stdout } = await runFile(process.execPath, [
      program,
      '--settings',
      settingsPath,
      '--out',
      modules,
      ...(sizes ? ['--sizes'] : []),
    ]);
    say(stdout.trim());
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Error(said.trim().replace(/^error: /, ''), { cause: error });
  }
};
