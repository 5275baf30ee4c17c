import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runProcess } from './run-process.ts';

export interface PythonProgram {
  /** The package in the Python package index. */
  readonly name: string;
  readonly version: string;
  /** The executable that the package installs. */
  readonly executable: string;
  /** The folder of its environment, in the repository. */
  readonly folder: string;
}

export interface Installed {
  readonly version: string;
  /** The executable, unless it is missing. */
  readonly program?: string;
  /** The reason why there is no executable. */
  readonly missing?: string;
}

/** Installs a program in an environment of its own, unless it is installed already. */
export const installPythonProgram = async ({
  name,
  version,
  executable,
  folder: relative,
}: PythonProgram): Promise<Installed> => {
  const folder = join(import.meta.dirname, '../..', relative);
  // Written last, so that an incomplete environment is installed again.
  const installed = join(folder, `.${name}-${version}`);
  try {
    await access(installed);
  } catch {
    try {
      process.stderr.write(`installing ${name} ${version} into ${relative} …\n`);
      const environment = pipEnvironment();
      await rm(folder, { recursive: true, force: true });
      await runProcess('python3', ['-m', 'venv', folder], { environment });
      await runProcess(
        join(folder, 'bin/python'),
        ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `${name}==${version}`],
        { environment },
      );
      await writeFile(installed, '');
    } catch (error) {
      return {
        version,
        missing: `${name} ${version} could not be installed: ${String(error).slice(0, 200)}`,
      };
    }
  }
  return { version, program: join(folder, 'bin', executable) };
};

// Keeps this machine's settings of package index and proxy.
const pipEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
