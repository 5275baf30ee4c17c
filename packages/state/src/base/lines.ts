import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';

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

/** Bytes that zlib makes at once: by default 16 KB, so that a part would be joined of more than a hundred buffers. */
const CHUNK_BYTES = 256 * 1024;

/** Bytes of a part, of which a small file can pretend any number. The rows of one account and rule are not divided. */
const MAX_PART_BYTES = 2 ** 29;

/** Bytes that are read as one string: V8 frees small ones often and cheaply, large ones with the whole heap alone. */
const TEXT_BYTES = 64 * 1024;

const MAX_BYTES_OF_CHARACTER = 3;
const LINE_FEED = 10;

/** Writes sorted lines as parts `<name>-0000.ndjson.gz`. Memory holds one part. */
export const createLinesWriter = (folder: string, name: string, partLength = PART_LENGTH) => {
  const parts: LinesPart[] = [];
  // Memory for all parts: to free that of each, V8 would look through the whole heap.
  let buffer = Buffer.alloc(0);
  let used = 0;
  let lines = 0;
  let length = 0;

  const write = (text: string): void => {
    const needed = used + text.length * MAX_BYTES_OF_CHARACTER + 1;
    if (needed > buffer.length) buffer = Buffer.concat([buffer], Math.ceil(needed * 1.25));
    used += buffer.write(text, used);
    buffer[used] = LINE_FEED;
    used += 1;
  };

  const flush = async (): Promise<void> => {
    if (lines === 0) return;
    const bytes = buffer.subarray(0, used);
    const part = {
      name: `${name}-${String(parts.length).padStart(4, '0')}.ndjson.gz`,
      lines,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    const compressed = gzipSync(bytes, { level: constants.Z_BEST_SPEED, chunkSize: CHUNK_BYTES });
    parts.push(part);
    [used, lines, length] = [0, 0, 0];
    await writeFile(join(folder, part.name), compressed);
  };

  return {
    /** Adds a line, or several that are already joined. */
    add: (text: string, count = 1): void => {
      write(text);
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

/**
 * Reads the lines of parts, some at a time.
 * @throws {StateError} when a part is missing or is not what was written
 */
export const readLines = async function* (
  folder: string,
  parts: readonly LinesPart[],
): AsyncGenerator<readonly string[]> {
  for await (const text of readTexts(folder, parts)) yield text.slice(0, -1).split('\n');
};

/**
 * Reads the text of parts, some lines at a time, and holds one part: to make a string of each of millions of lines is slow.
 * @throws {StateError} when a part is missing or is not what was written
 */
export const readTexts = async function* (
  folder: string,
  parts: readonly LinesPart[],
): AsyncGenerator<string> {
  // Memory for all parts, as of the writer.
  let buffer = Buffer.alloc(0);
  const load = async (part: LinesPart): Promise<Buffer> => {
    const bytes = await bytesOf(part, join(folder, part.name), readFile);
    if (bytes.length > buffer.length) buffer = Buffer.alloc(bytes.length);
    bytes.copy(buffer);
    return buffer.subarray(0, bytes.length);
  };
  for (const part of parts) {
    const bytes = await load(part);
    for (let start = 0; start < bytes.length;) {
      const end = bytes.indexOf(LINE_FEED, start + TEXT_BYTES) + 1 || bytes.length;
      yield bytes.toString('utf8', start, end);
      start = end;
    }
  }
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
    return gunzipSync(await read(place), { chunkSize: CHUNK_BYTES, maxOutputLength: MAX_PART_BYTES });
  } catch (error) {
    throw new StateError(`${place} cannot be read.`, { cause: error });
  }
};
