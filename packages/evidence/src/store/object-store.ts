/** Objects that are written once: the intake of a ledger, or what the keeper seals. */
export interface ObjectStore {
  /** Writes the whole object or nothing. Returns false, and changes nothing, when the key exists. */
  create(key: string, bytes: Uint8Array): Promise<boolean>;
  /**
   * The content of an object; `undefined` when there is none, or when it is archived.
   * @throws {TooLongError} when it has more than `limit` bytes; they are not read
   */
  read(key: string, limit: number): Promise<Buffer | undefined>;
  /** Keys that begin with `prefix`, in ascending order; those after `after` alone. */
  list(range: { readonly prefix: string; readonly after?: string }): AsyncIterable<string>;
  /** The path or URL of an object, for people. */
  describe(key: string): string;
}

/** An object that is longer than what belongs there. It has no name of its own: people read its message alone. */
export class TooLongError extends Error {
  constructor(place: string, limit: number) {
    super(`It has more than ${limit} bytes: ${place}.`);
  }
}

/** Creates an object. What is there already is left as it is, and returned when it has at most `limit` bytes. */
export const createOrRead = async (
  store: ObjectStore,
  key: string,
  { bytes, limit }: { readonly bytes: Buffer; readonly limit: number },
): Promise<Buffer> => {
  if (await store.create(key, bytes)) return bytes;
  return readExisting(store, key, limit);
};

/** @throws {Error} when there is no such object, or when it has more than `limit` bytes */
export const readExisting = async (store: ObjectStore, key: string, limit: number): Promise<Buffer> => {
  const found = await store.read(key, limit);
  if (found) return found;
  throw new Error(`There is no ${store.describe(key)}, or it is archived.`);
};

export const fromArray = async function* <Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
};
