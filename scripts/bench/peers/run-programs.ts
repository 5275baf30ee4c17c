import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { findPython, startEmulator } from '../../../packages/local-org/src/emulator/start-emulator.ts';
import { runProcess } from '../run-process.ts';
import { REGIONS, type Program } from './programs.ts';
import { startRecordedItems } from './recorded-items.ts';
import type { CallCounts } from './replay/protocol.ts';
import type { Replay } from './replay/start-replay.ts';

/** How many of each the account has, half in each of two Regions. */
export const SIZES = {
  buckets: 1000,
  'security groups': 500,
  users: 200,
  VPCs: 100,
  keys: 50,
  databases: 20,
} as const;

/** The emulator's own. */
const ACCOUNT = '123456789012';
const MAKER = join(import.meta.dirname, '../python/make_account.py');
/** Kept, for a recording takes minutes. Deleting the folder records again. */
const RECORDINGS = join(import.meta.dirname, '../../../.bench/peers');

export interface ProgramRun {
  readonly seconds: number;
  readonly counts: CallCounts;
  readonly folder: string;
}

/** Records each program's calls to the emulator, all of the same account, unless they are. @returns the folder of the recordings */
export const recordAll = async (programs: readonly Program[], replay: Replay): Promise<string> => {
  const hash = createHash('sha256').update(await readFile(MAKER));
  for (const { name, version = '' } of programs) hash.update(`${name} ${version}`);
  const folder = join(RECORDINGS, hash.update(JSON.stringify(SIZES)).digest('hex').slice(0, 12));
  try {
    await access(folder);
    return folder;
  } catch {
    // To be recorded.
  }
  const unfinished = `${folder}-unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const emulator = await startEmulator();
  try {
    process.stderr.write('making the account …\n');
    await runProcess(
      await findPython(),
      [MAKER, emulator.url, ...REGIONS, ...Object.values(SIZES).map(String)],
      { environment: {} },
    );
    process.stderr.write('recording its resources, as AWS Config does …\n');
    const items = await startRecordedItems(emulator.url, ACCOUNT, REGIONS);
    try {
      for (const program of programs) {
        process.stderr.write(`recording ${program.name} …\n`);
        await replay.ask({
          type: 'record',
          upstream: program.readsItems === true ? items.url : emulator.url,
          file: join(unfinished, `${program.name}.ndjson`),
        });
        await run(program, replay, join(unfinished, program.name));
      }
    } finally {
      await items.stop();
    }
  } finally {
    await emulator.stop();
  }
  // Last, so that an unfinished set is recorded again.
  await rename(unfinished, folder);
  return folder;
};

interface ReplayOptions {
  readonly recordings: string;
  readonly latencyMs: number;
  readonly folder: string;
}

/** Runs a program against its recording. @throws {Error} when it makes a call that was not recorded */
export const replayed = async (
  program: Program,
  replay: Replay,
  { recordings, latencyMs, folder }: ReplayOptions,
): Promise<ProgramRun> => {
  await replay.ask({ type: 'replay', file: join(recordings, `${program.name}.ndjson`), latencyMs });
  return run(program, replay, folder);
};

const run = async (program: Program, replay: Replay, folder: string): Promise<ProgramRun> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const ended = runProcess(program.command, await program.prepare(folder), {
    environment: environmentOf(replay.url),
    cwd: folder,
  });
  await Promise.allSettled([ended]);
  const counts = await replay.end();
  const [first] = counts.unknown;
  // A program that was not answered may fail, but that is not why.
  if (first !== undefined)
    throw new Error(
      `${program.name} made ${counts.unknown.length} calls that were not recorded: ${first}. Delete .bench/peers to record again.`,
    );
  const { wallMs } = await ended;
  return { seconds: wallMs / 1000, counts, folder };
};

/** As a proxy, the replay hears calls to hosts of its address's subdomains, such as those of S3 Control. */
const environmentOf = (url: string) => ({
  AWS_ENDPOINT_URL: url,
  HTTP_PROXY: url,
  HTTPS_PROXY: url,
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: REGIONS[0],
  AWS_DEFAULT_REGION: REGIONS[0],
  // Python's sets are otherwise in another order in each run.
  PYTHONHASHSEED: '0',
});
