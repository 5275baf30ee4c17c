import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  /** Time from its start to its end. */
  readonly wallMs: number;
  /** Time from its start to its first output. */
  readonly answeredMs: number;
}

export interface RunOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** Runs a program with only this environment, PATH and HOME. @throws {Error} with its stderr when it fails */
export const runProcess = async (
  command: string,
  args: readonly string[],
  { environment, input = '', cwd }: RunOptions,
): Promise<Run> => {
  const started = performance.now();
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  let answeredMs = Number.NaN;
  child.stdout.once('readable', () => (answeredMs = performance.now() - started));
  child.stdin.on('error', () => {
    // The program ended without reading; its exit code shows why.
  });
  child.stdin.end(input);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const wallMs = performance.now() - started;
  if (code === 0) return { stdout, stderr, wallMs, answeredMs };
  throw new Error(`${command} ${args.join(' ')} ended with exit code ${code}: ${stderr.slice(-2000)}`);
};
