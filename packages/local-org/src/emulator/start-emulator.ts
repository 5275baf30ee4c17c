import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export interface EmulatorOptions {
  /** Receives every line of the emulator's standard error. */
  readonly onLog?: (line: string) => void;
}

export interface Emulator {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const SUPPORTED = '5.2.';
const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..');

/**
 * Starts moto on a free port of 127.0.0.1. It ends with this process, even if this process is killed.
 * @throws {Error} when no Python has moto 5.2, or when moto does not start within a minute.
 */
export const startEmulator = async ({ onLog }: EmulatorOptions = {}): Promise<Emulator> => {
  const python = await findPython();
  const { MOTO_ACCOUNT_ID: _collapsesAllAccounts, ...env } = process.env;
  const child = spawn(python, [join(import.meta.dirname, 'emulator.py')], {
    env: {
      ...env,
      // The images of AWS take 40 ms of every account's first call of EC2.
      MOTO_AMIS_PATH: join(import.meta.dirname, 'no-images.json'),
      // CORS headers are for browsers only.
      MOTO_DISABLE_GLOBAL_CORS: 'true',
    },
    // The child ends when its stdin closes, so a crash of this process leaves no emulator behind.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.splice(0, errors.length - 20);
    errors.push(line);
    onLog?.(line);
  });
  try {
    const port = await firstLine(child, createInterface({ input: child.stdout }));
    return { url: `http://127.0.0.1:${port}`, stop: () => stop(child) };
  } catch (cause) {
    await stop(child);
    throw new Error(`The AWS emulator did not start: ${python}.\n${errors.join('\n')}`, { cause });
  }
};

/** The Python that has the emulator. @throws {Error} when there is none */
export const findPython = async (): Promise<string> => {
  const found: string[] = [];
  for (const python of [join(REPOSITORY, '.venv', 'bin', 'python'), 'python3']) {
    const version = await motoVersion(python);
    if (version?.startsWith(SUPPORTED)) return python;
    found.push(`${python}: ${version === undefined ? 'no moto' : `moto ${version}`}`);
  }
  throw new Error(
    `No Python has moto ${SUPPORTED}x for the AWS emulator: ${found.join('; ')}. Run scripts/setup-emulator.sh.`,
  );
};

const motoVersion = async (python: string): Promise<string | undefined> => {
  try {
    const script = 'from importlib.metadata import version; print(version("moto"))';
    const { stdout } = await promisify(execFile)(python, ['-c', script]);
    return stdout.trim();
  } catch {
    return undefined; // No such Python, or one without moto: the caller's error names both.
  }
};

const firstLine = async (child: ChildProcess, lines: ReturnType<typeof createInterface>): Promise<string> => {
  const abort = new AbortController();
  const timer = setTimeout(
    () => abort.abort(new Error('The emulator printed no port within 60 seconds.')),
    60_000,
  );
  try {
    const line = once(lines, 'line', { signal: abort.signal });
    const ended = once(child, 'exit', { signal: abort.signal }).then(([code]: unknown[]) => {
      throw new Error(`The emulator exited with code ${String(code)}.`);
    });
    // The one that loses the race is aborted below: ignore its rejection.
    ended.catch(() => {});
    line.catch(() => {});
    const values: unknown[] = await Promise.race([line, ended]);
    return String(values[0]);
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
};
