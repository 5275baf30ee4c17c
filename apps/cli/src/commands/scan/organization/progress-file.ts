import { digest } from '@compliance/core/scan';
import type { Finding } from '@compliance/report';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, appendFile, constants, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import * as z from 'zod';

import { UsageError, usageErrorFrom } from '../../../output/exit-codes.ts';
import type { ScanPlan } from './scan-target.ts';

export interface OpenOptions {
  readonly format: string;
  readonly out?: string | undefined;
  readonly resume?: boolean | undefined;
  readonly plan: ScanPlan;
  /** Receives each finding that an earlier run wrote and that is kept. */
  readonly onKept: (finding: Finding) => void;
}

/**
 * Opens the file beside an output of lines, for only such an output can be continued.
 * @throws {UsageError} when the scan cannot be continued
 */
export const openProgress = async ({
  format,
  out,
  resume = false,
  plan,
  onKept,
}: OpenOptions): Promise<ProgressFile | undefined> => {
  if (format !== 'ndjson' || out === undefined) {
    if (resume) throw new UsageError('Only --format ndjson with --out can be continued.');
    return undefined;
  }
  if (!resume) return beginProgress(out, selectionOf(plan));
  const file = await resumeProgress(out, selectionOf(plan));
  await keepRows(out, file.completed, onKept);
  return file;
};

/** Beside the output: which accounts are in it completely. */
export interface ProgressFile {
  /** Accounts that an earlier run completed. */
  readonly completed: ReadonlySet<string>;
  readonly complete: (accountId: string) => Promise<void>;
  /** Nothing is left to continue. */
  readonly remove: () => Promise<void>;
}

const Head = z.object({ selection: z.string() });
const Line = z.object({ accountId: z.string() });

const KeptRow = z.looseObject({ accountId: z.string(), complianceType: z.string() });

const pathOf = (out: string): string => `${out}.progress`;

/** A scan may only be continued with the same rules, Regions and source. */
const selectionOf = ({ commands, regions, source }: ScanPlan): string =>
  digest({ commands, regions, source });

/** Begins the file. @throws {UsageError} when it cannot be written */
const beginProgress = async (out: string, selection: string): Promise<ProgressFile> => {
  try {
    await writeFile(pathOf(out), `${JSON.stringify({ selection })}\n`);
  } catch (error) {
    throw usageErrorFrom(`Cannot write ${pathOf(out)}`, error);
  }
  return progressIn(out, new Set());
};

/** Continues the file of an earlier run. @throws {UsageError} when there is none, or it has another selection */
const resumeProgress = async (out: string, selection: string): Promise<ProgressFile> => {
  const [head = '', ...lines] = (await readIfThere(out)).split('\n').filter((line) => line !== '');
  const known = parsed(Head, head)?.selection;
  if (known === undefined)
    throw new UsageError(`Nothing to continue: there is no ${pathOf(out)}. Leave out --resume to begin.`);
  if (known !== selection)
    throw new UsageError(
      `${pathOf(out)} is of a scan of other rules, Regions or another source. Use the same options, or leave out --resume.`,
    );
  return progressIn(out, new Set(lines.flatMap((line) => parsed(Line, line)?.accountId ?? [])));
};

const progressIn = (out: string, completed: ReadonlySet<string>): ProgressFile => ({
  completed,
  complete: (accountId) => appendFile(pathOf(out), `${JSON.stringify({ accountId })}\n`),
  remove: () => rm(pathOf(out), { force: true }),
});

const readIfThere = async (out: string): Promise<string> => {
  try {
    return await readFile(pathOf(out), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw usageErrorFrom(`Cannot read ${pathOf(out)}`, error);
  }
};

/** The value in a line; `undefined` for one that a crash interrupted. */
const parsed = <T>(schema: z.ZodType<T>, line: string): T | undefined => {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};

/**
 * Keeps the rows of completed accounts.
 * The others are scanned again: of an account in part, nobody knows which.
 * @throws {UsageError} when the file with the rows cannot be read
 */
const keepRows = async (
  out: string,
  completed: ReadonlySet<string>,
  onKept: OpenOptions['onKept'],
): Promise<void> => {
  try {
    await access(out, constants.R_OK);
  } catch (error) {
    throw usageErrorFrom(`Cannot continue ${out}. Leave out --resume to begin`, error);
  }
  const kept = createWriteStream(`${out}.kept`);
  for await (const line of createInterface({ input: createReadStream(out), crlfDelay: Infinity })) {
    const row = parsed(KeptRow, line);
    if (!row || !completed.has(row.accountId)) continue;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the file is our own output; only findings have a verdict.
    if (row.complianceType !== 'INSUFFICIENT_DATA') onKept(row as unknown as Finding);
    if (!kept.write(`${line}\n`)) await once(kept, 'drain');
  }
  kept.end();
  await once(kept, 'close');
  await rename(`${out}.kept`, out);
};
