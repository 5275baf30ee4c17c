import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { REQUIRED } from './terraform/terraform-module.ts';

export interface TerraformRun {
  readonly folder: string;
  readonly arguments: readonly string[];
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface TerraformEnd {
  readonly code: number;
  readonly output: string;
}

const PROVIDER_SCRIPT = join(import.meta.dirname, '../../scripts/terraform-providers.sh');

/** Runs Terraform and returns its exit code and output. Uses a provider mirror if one is in a usual place. */
export const runTerraform = async ({
  folder,
  arguments: given,
  environment,
}: TerraformRun): Promise<TerraformEnd> => {
  const script = `eval "$('${PROVIDER_SCRIPT}')"; exec terraform "$@" -no-color 2>&1`;
  const child = spawn('bash', ['-c', script, 'terraform', ...given], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1', ...environment },
  });
  const { promise: code, resolve, reject } = Promise.withResolvers<number>();
  child.once('close', (exitCode) => resolve(exitCode ?? 1));
  child.once('error', reject);
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const end = { code: await code, output: output + complaints };
  if (given[0] === 'init' && end.code === 0) await dropChecksums(join(folder, '.terraform.lock.hcl'));
  return end;
};

/**
 * Removes the checksums that `init` has just verified from the lock file.
 * Every later command would verify the 700 MB of the provider again, which takes seconds for each root. The checksums
 * are beside the provider: an attacker who can change one can change the other.
 */
const dropChecksums = async (lockFile: string): Promise<void> => {
  if (!existsSync(lockFile)) return;
  const locked = await readFile(lockFile, 'utf8');
  await writeFile(lockFile, locked.replaceAll(/^ *hashes = \[[^\]]*\]\n/gm, ''));
};

/** The reason, in one line, why Terraform cannot run on this machine; `undefined` when it can. */
export const whyNoTerraform = async (): Promise<string | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'terraform-'));
  try {
    await writeFile(join(folder, 'main.tf.json'), JSON.stringify({ terraform: REQUIRED }));
    const { code, output } = await runTerraform({ folder, arguments: ['init', '-input=false'] });
    if (code === 0) return undefined;
    const said = output.split('\n').filter((line) => /\w/.test(line));
    return `Terraform or its AWS provider is not available here: ${said.slice(0, 4).join(' ')}`;
  } finally {
    await rm(folder, { recursive: true });
  }
};
