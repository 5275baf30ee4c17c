import { gzipSync, inflateRawSync } from 'node:zlib';

const HEADER = 10;
const TRAILER = 8;

export const gzip = (bytes: Uint8Array): Buffer => gzipSync(bytes);

/**
 * The content of a file that is one gzip member and nothing else. Common readers ignore what follows the first member,
 * or read it as if it belonged there.
 * @throws {Error} naming what is wrong
 */
export const gunzipOne = (file: Buffer): Buffer => {
  if (file.length < HEADER + TRAILER || file[0] !== 0x1f || file[1] !== 0x8b || file[2] !== 8)
    throw new Error('It is not a gzip file.');
  if (file[3] !== 0) throw new Error('Its gzip header has members that the keeper never writes.');
  const { content, taken } = inflate(file.subarray(HEADER));
  const extra = file.length - HEADER - taken - TRAILER;
  if (extra < 0) throw new Error('It ends too early.');
  if (extra > 0) throw new Error(`${extra} bytes follow the first gzip member.`);
  return content;
};

const inflate = (bytes: Buffer): { readonly content: Buffer; readonly taken: number } => {
  try {
    // The types lack what the option `info` returns.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- documented by Node: { buffer, engine }.
    const { buffer, engine } = inflateRawSync(bytes, { info: true }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return { content: buffer, taken: engine.bytesWritten };
  } catch (error) {
    throw new Error('Its compressed content is damaged.', { cause: error });
  }
};
