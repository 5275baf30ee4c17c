import { printable } from '@compliance/core/printable';

type Write = NodeJS.WriteStream['write'];

const unguarded = new WeakMap<NodeJS.WriteStream, Write>();

/**
 * Makes everything that is written to a stream printable, whatever prints it: texts hold names, tags and messages of
 * member accounts. Chunks of bytes pass as they are.
 */
export const guardOutput = (stream: NodeJS.WriteStream): void => {
  if (unguarded.has(stream)) return;
  const write: Write = stream.write.bind(stream);
  unguarded.set(stream, write);
  stream.write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    callback?: (error?: Error | null) => void,
  ): boolean => {
    const text = typeof chunk === 'string' ? printable(chunk) : chunk;
    return typeof encoding === 'function' ? write(text, encoding) : write(text, encoding, callback);
  };
};

/** Writes our own colours and cursor movements. Every text in it must be printable already. */
export const writeStyled = (stream: NodeJS.WriteStream, text: string): void => {
  const write = unguarded.get(stream);
  if (write) write(text);
  else stream.write(text);
};
