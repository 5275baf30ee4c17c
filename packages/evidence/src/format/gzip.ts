import { crc32, gzipSync, inflateRawSync } from 'node:zlib';

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
export const gunzipOne = (file: Buffer, limit?: number): Buffer => {
  if (file.length < HEADER.length + TRAILER || file[0] !== 0x1f || file[1] !== 0x8b)
    throw new Error('It is not a gzip file.');
  if (!file.subarray(0, HEADER.length).equals(HEADER))
    throw new Error('Its gzip header is not the one that the keeper writes.');
  const { content, taken } = inflate(file.subarray(HEADER.length), limit);
  const end = HEADER.length + taken;
  const extra = file.length - end - TRAILER;
  if (extra < 0) throw new Error('It ends too early.');
  if (extra > 0) throw new Error(`${extra} bytes follow the first gzip member.`);
  if (file.readUInt32LE(end) !== crc32(content) || file.readUInt32LE(end + 4) !== content.length % 2 ** 32)
    throw new Error('Its gzip trailer does not fit its content.');
  return content;
};

const inflate = (
  bytes: Buffer,
  limit: number | undefined,
): { readonly content: Buffer; readonly taken: number } => {
  try {
    const options = { info: true, ...(limit !== undefined && { maxOutputLength: Math.max(limit, 1) }) };
    // The types lack what the option `info` returns.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- documented by Node: { buffer, engine }.
    const { buffer, engine } = inflateRawSync(bytes, options) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return { content: buffer, taken: engine.bytesWritten };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new Error(`It was altered: its content has more than ${limit} bytes.`, { cause: error });
    throw new Error('Its compressed content is damaged.', { cause: error });
  }
};
