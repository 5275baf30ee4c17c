import { crc32, createInflateRaw, gzipSync, inflateRawSync } from 'node:zlib';

/** Deflate, no members, no time, no level, "Unix": zlib writes the system that it runs on. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
const TRAILER = 8;

export const gzip = (bytes: Uint8Array): Buffer => {
  const file = gzipSync(bytes);
  HEADER.copy(file);
  return file;
};

/**
 * The content of a file that is one gzip member and nothing else. Common readers ignore what follows the first member,
 * or read it as if it belonged there.
 * @param limit how many bytes the content has at most: a few kB can become many GB
 * @throws {Error} naming what is wrong
 */
export const gunzipOne = (file: Buffer, limit: number): Buffer => {
  const { content, taken } = inflate(deflatedIn(file), limit);
  checkEnd(file, { taken, length: content.length, sum: crc32(content) });
  return content;
};

const PIECE_BYTES = 2 ** 18;

/** The same, a piece at a time. What is wrong may be thrown after the last piece. */
export const gunzipPieces = async function* (file: Buffer, limit: number): AsyncGenerator<Buffer> {
  const stream = createInflateRaw({ chunkSize: PIECE_BYTES });
  stream.end(deflatedIn(file));
  const read = { length: 0, sum: 0 };
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      read.length += piece.length;
      if (read.length > limit) throw tooLong(limit);
      read.sum = crc32(piece, read.sum);
      yield piece;
    }
  } catch (error) {
    throw isOfZlib(error) ? damaged(error) : error;
  }
  checkEnd(file, { taken: stream.bytesWritten, ...read });
};

/** What follows the header. */
const deflatedIn = (file: Buffer): Buffer => {
  if (file.length < HEADER.length + TRAILER || file[0] !== 0x1f || file[1] !== 0x8b)
    throw new Error('It is not a gzip file.');
  if (!file.subarray(0, HEADER.length).equals(HEADER))
    throw new Error('Its gzip header is not the one that the keeper writes.');
  return file.subarray(HEADER.length);
};

/** Checks what follows the compressed content, of which the file has `taken` bytes. */
const checkEnd = (
  file: Buffer,
  { taken, length, sum }: { readonly taken: number; readonly length: number; readonly sum: number },
): void => {
  const end = HEADER.length + taken;
  const extra = file.length - end - TRAILER;
  if (extra < 0) throw new Error('It ends too early.');
  if (extra > 0) throw new Error(`${extra} bytes follow the first gzip member.`);
  if (file.readUInt32LE(end) !== sum || file.readUInt32LE(end + 4) !== length % 2 ** 32)
    throw new Error('Its gzip trailer does not fit its content.');
};

const inflate = (bytes: Buffer, limit: number): { readonly content: Buffer; readonly taken: number } => {
  try {
    const options = { info: true, maxOutputLength: Math.max(limit, 1) };
    // The types lack what the option `info` returns.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- documented by Node: { buffer, engine }.
    const { buffer, engine } = inflateRawSync(bytes, options) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return { content: buffer, taken: engine.bytesWritten };
  } catch (error) {
    // That a buffer would be too large says nothing more.
    throw isOfZlib(error, 'ERR_BUFFER_TOO_LARGE') ? tooLong(limit) : damaged(error);
  }
};

const isOfZlib = (error: unknown, prefix = 'Z_'): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith(prefix);

const damaged = (cause: unknown) => new Error('Its compressed content is damaged.', { cause });

const tooLong = (limit: number) => new Error(`It was altered: its content has more than ${limit} bytes.`);
