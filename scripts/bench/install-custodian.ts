import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runProcess } from './run-process.ts';

const VERSION = '0.9.53';
const FOLDER = join(import.meta.dirname, '../../.venv-c7n');

/** Written last, so that an incomplete environment is installed again. */
const INSTALLED = join(FOLDER, `.c7n-${VERSION}`);

export interface Custodian {
  readonly version: string;
  /** The executable, unless it is missing. */
  readonly program?: string;
  /** The reason why there is no executable. */
  readonly missing?: string;
}

/** Installs Cloud Custodian in an environment of its own, unless it is installed already. */
export const installCustodian = async (): Promise<Custodian> => {
  const program = join(FOLDER, 'bin/custodian');
  try {
    await access(INSTALLED);
  } catch {
    try {
      process.stderr.write(`installing Cloud Custodian ${VERSION} into .venv-c7n …\n`);
      await install();
    } catch (error) {
      return {
        version: VERSION,
        missing: `c7n ${VERSION} could not be installed: ${String(error).slice(0, 200)}`,
      };
    }
  }
  return { version: VERSION, program };
};

const install = async () => {
  const environment = pipEnvironment();
  await rm(FOLDER, { recursive: true, force: true });
  await runProcess('python3', ['-m', 'venv', FOLDER], { environment });
  await runProcess(
    join(FOLDER, 'bin/python'),
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `c7n==${VERSION}`],
    { environment },
  );
  await writeFile(INSTALLED, '');
};

// Keeps this machine's settings of package index and proxy.
const pipEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
