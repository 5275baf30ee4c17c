/** Decodes a text file. @throws {Error} when it is not UTF-8, with its name and, where it is known, its encoding */
export const decodeText = (bytes: Uint8Array, name: string): string => {
  if (isUtf16(bytes))
    throw new Error(
      `${name} is UTF-16, and must be UTF-8. Convert it, such as with 'iconv -f UTF-16 -t UTF-8'.`,
    );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`${name} is not UTF-8. Save it as UTF-8.`);
  }
};

// With or without a mark at its start: settings and JSON begin with ASCII, of which UTF-16 makes every second byte 0.
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  first === 0 || second === 0 || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
