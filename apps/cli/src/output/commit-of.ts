import { execFileSync } from 'node:child_process';

/** The commit of a checkout, `76d9fd2-dirty` where files differ from it; `undefined` without a checkout or git. */
export const commitOf = (folder: string): string | undefined => {
  try {
    const args = ['-C', folder, 'describe', '--always', '--dirty'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
};
