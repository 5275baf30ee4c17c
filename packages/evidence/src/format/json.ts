/** @throws {Error} when it is no JSON */
export const jsonIn = (bytes: Buffer): unknown => {
  if (bytes.length === 0) throw new Error('It is empty.');
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (cause) {
    throw new Error('It is not JSON.', { cause });
  }
};
