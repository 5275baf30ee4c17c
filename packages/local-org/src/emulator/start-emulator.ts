import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export interface EmulatorOptions {
  /** Every line that the emulator writes to its standard error. */
  readonly onLog?: (line: string) => void;
  /** Offer the managed policies of AWS (`arn:aws:iam::aws:policy/…`). Costs seconds and 130 MB per account. */
  readonly managedPolicies?: boolean;
}

export interface Emulator {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const SUPPORTED = '5.2.';
const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..');

/**
 * Starts moto on a free port of 127.0.0.1. It ends with this process, however this process ends.
 * @throws when no Python here has moto 5.2, or when it does not start within a minute.
 */
export const startEmulator = async ({
  onLog,
  managedPolicies = false,
}: EmulatorOptions = {}): Promise<Emulator> => {
  const python = await findPython();
  const { MOTO_ACCOUNT_ID: _collapsesAllAccounts, ...env } = process.env;
  const child = spawn(python, [join(import.meta.dirname, 'emulator.py')], {
    env: {
      ...env,
      MOTO_IAM_LOAD_MANAGED_POLICIES: String(managedPolicies),
      // For browsers only, on every answer.
      MOTO_DISABLE_GLOBAL_CORS: 'true',
    },
    // The child watches its stdin: it closes when this process is gone, so a crash leaves nothing behind.
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
    throw new Error(`The AWS emulator (${python}) did not start:\n${errors.join('\n')}`, { cause });
  }
};

const findPython = async (): Promise<string> => {
  const found: string[] = [];
  for (const python of [join(REPOSITORY, '.venv', 'bin', 'python'), 'python3']) {
    const version = await motoVersion(python);
    if (version?.startsWith(SUPPORTED)) return python;
    found.push(`${python}: ${version === undefined ? 'no moto' : `moto ${version}`}`);
  }
  throw new Error(
    `The AWS emulator needs Python with moto ${SUPPORTED}x (${found.join('; ')}). Run scripts/setup-emulator.sh.`,
  );
};

const motoVersion = async (python: string): Promise<string | undefined> => {
  try {
    const script = 'from importlib.metadata import version; print(version("moto"))';
    const { stdout } = await promisify(execFile)(python, ['-c', script]);
    return stdout.trim();
  } catch {
    return undefined; // No such Python, or no moto in it: the caller names both.
  }
};

const firstLine = async (child: ChildProcess, lines: ReturnType<typeof createInterface>): Promise<string> => {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error('no answer for 60 seconds')), 60_000);
  try {
    const line = once(lines, 'line', { signal: abort.signal });
    const ended = once(child, 'exit', { signal: abort.signal }).then(([code]: unknown[]) => {
      throw new Error(`it ended with exit code ${String(code)}`);
    });
    // Whichever comes second is aborted below and of no interest.
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
