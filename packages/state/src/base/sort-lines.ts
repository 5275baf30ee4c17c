import { mkdir, rm } from 'node:fs/promises';

import { createLinesWriter, readLines, type LinesPart } from './lines.ts';

/** Characters that are sorted at once in memory. */
const RUN_LENGTH = 8_000_000;
const BATCH_LINES = 10_000;

/** Of every run, one part is in memory while they are merged. */
const PART_LENGTH = 250_000;

/**
 * Sorts more lines than memory holds: sorted runs in a folder, which are merged. Few lines never touch the disk.
 * The folder is deleted when the sorted lines are read.
 */
export const createLineSorter = (folder: string, runLength = RUN_LENGTH) => {
  const runs: (readonly LinesPart[])[] = [];
  let lines: string[] = [];
  let length = 0;

  const writeRun = async (): Promise<void> => {
    await mkdir(folder, { recursive: true });
    const writer = createLinesWriter(folder, `run-${runs.length}`, PART_LENGTH);
    for (const line of sort(lines)) {
      writer.add(line);
      await writer.flushWhenFull();
    }
    runs.push(await writer.close());
    [lines, length] = [[], 0];
  };

  return {
    add: (line: string): void => {
      lines.push(line);
      length += line.length;
    },
    /** To await after some lines; most of the time, there is nothing to wait for. */
    flushWhenFull: (): Promise<void> | undefined => (length >= runLength ? writeRun() : undefined),
    sorted: async function* (): AsyncGenerator<readonly string[]> {
      if (runs.length === 0) {
        yield sort(lines);
        return;
      }
      await writeRun();
      try {
        yield* mergeRuns(runs.map((parts) => readLines(folder, parts)));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
};

const sort = (lines: string[]): string[] => lines.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));

const mergeRuns = async function* (
  runs: readonly AsyncGenerator<readonly string[]>[],
): AsyncGenerator<readonly string[]> {
  const heads = (await Promise.all(runs.map(openRun))).filter((head) => head !== undefined);
  let batch: string[] = [];
  for (;;) {
    const [first, ...others] = heads;
    if (!first) break;
    let least = first;
    for (const head of others) if (head.line < least.line) least = head;
    batch.push(least.line);
    if (batch.length === BATCH_LINES) {
      yield batch;
      batch = [];
    }
    least.next += 1;
    const line = least.lines[least.next];
    if (line !== undefined) least.line = line;
    else if (!(await advance(least))) heads.splice(heads.indexOf(least), 1);
  }
  if (batch.length > 0) yield batch;
};

interface Head {
  readonly run: AsyncGenerator<readonly string[]>;
  lines: readonly string[];
  next: number;
  line: string;
}

const openRun = async (run: AsyncGenerator<readonly string[]>): Promise<Head | undefined> => {
  const head = { run, lines: [], next: 0, line: '' };
  return (await advance(head)) ? head : undefined;
};

/** Goes to the next lines of a run; whether there are any. */
const advance = async (head: Head): Promise<boolean> => {
  for (;;) {
    const result = await head.run.next();
    if (result.done === true) return false;
    const [line] = result.value;
    if (line === undefined) continue;
    Object.assign(head, { lines: result.value, next: 0, line });
    return true;
  }
};
