import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';

import * as z from 'zod';

import { StateError } from './state-error.ts';

/** A file of lines. The digest is of the uncompressed text: compressed bytes differ between builds of zlib. */
export const LinesPart = z.object({
  /** A file name alone: a snapshot may be from somebody else. */
  name: z.string().regex(/^[\w-]+(?:\.\w+)+$/),
  lines: z.int(),
  sha256: z.string(),
});
export type LinesPart = Readonly<z.infer<typeof LinesPart>>;

/** Characters of a part: small enough for memory, large enough to compress well. */
const PART_LENGTH = 2_000_000;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Writes sorted lines as parts `<name>-0000.ndjson.gz`. Memory holds one part. */
export const createLinesWriter = (folder: string, name: string, partLength = PART_LENGTH) => {
  const parts: LinesPart[] = [];
  let texts: string[] = [];
  let lines = 0;
  let length = 0;

  const flush = async (): Promise<void> => {
    if (texts.length === 0) return;
    const bytes = Buffer.from(`${texts.join('\n')}\n`);
    const part = {
      name: `${name}-${String(parts.length).padStart(4, '0')}.ndjson.gz`,
      lines,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    parts.push(part);
    [texts, lines, length] = [[], 0, 0];
    await writeFile(join(folder, part.name), await compress(bytes, { level: constants.Z_BEST_SPEED }));
  };

  return {
    /** Adds a line, or several that are already joined. */
    add: (text: string, count = 1): void => {
      texts.push(text);
      lines += count;
      length += text.length + 1;
    },
    /** To await after some lines; most of the time, there is nothing to wait for. */
    flushWhenFull: (): Promise<void> | undefined => (length >= partLength ? flush() : undefined),
    close: async (): Promise<readonly LinesPart[]> => {
      await flush();
      return parts;
    },
  };
};

/** The lines of a text, each of which ends. */
export const linesIn = (text: string): readonly string[] => {
  const lines = text.split('\n');
  lines.pop();
  return lines;
};

/**
 * Reads the lines of parts, one part at a time.
 * @throws {StateError} when a part is missing or is not what was written
 */
export const readLines = async function* (
  folder: string,
  parts: readonly LinesPart[],
): AsyncGenerator<readonly string[]> {
  for await (const text of readTexts(folder, parts)) yield linesIn(text);
};

/**
 * Reads the text of parts, one part at a time: to make a string of each of millions of lines is slow.
 * @throws {StateError} when a part is missing or is not what was written
 */
export const readTexts = async function* (
  folder: string,
  parts: readonly LinesPart[],
): AsyncGenerator<string> {
  for (const part of parts) yield (await bytesOf(part, join(folder, part.name), readFile)).toString('utf8');
};

/**
 * Checks a part that is stored elsewhere.
 * @throws {StateError} when it is not what was written
 */
export const assertWhole = async (part: LinesPart, place: string, file: Buffer): Promise<void> => {
  await bytesOf(part, place, async () => file);
};

const bytesOf = async (
  part: LinesPart,
  place: string,
  read: (place: string) => Promise<Buffer>,
): Promise<Buffer> => {
  const bytes = await decompressed(place, read);
  if (createHash('sha256').update(bytes).digest('hex') === part.sha256) return bytes;
  throw new StateError(`${place} is not what was written: its SHA-256 differs.`);
};

const decompressed = async (place: string, read: (place: string) => Promise<Buffer>): Promise<Buffer> => {
  try {
    return await decompress(await read(place));
  } catch (error) {
    throw new StateError(`${place} cannot be read.`, { cause: error });
  }
};
