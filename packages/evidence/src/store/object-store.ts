/** Objects that are written once: the intake of a ledger, or what the keeper seals. */
export interface ObjectStore {
  /** Writes the whole object or nothing. Returns false, and changes nothing, when the key exists. */
  create(key: string, bytes: Uint8Array): Promise<boolean>;
  /** The content of an object; `undefined` when there is none, or when it is archived. */
  read(key: string): Promise<Buffer | undefined>;
  /** Keys that begin with `prefix`, in ascending order; those after `after` alone. */
  list(range: { readonly prefix: string; readonly after?: string }): AsyncIterable<string>;
  /** The path or URL of an object, for people. */
  describe(key: string): string;
}

/** Creates an object. What is there already is left as it is, and returned when it differs. */
export const createOrRead = async (store: ObjectStore, key: string, bytes: Buffer): Promise<Buffer> => {
  if (await store.create(key, bytes)) return bytes;
  return readExisting(store, key);
};

/** @throws {Error} when there is no such object */
export const readExisting = async (store: ObjectStore, key: string): Promise<Buffer> => {
  const found = await store.read(key);
  if (found) return found;
  throw new Error(`There is no ${store.describe(key)}, or it is archived.`);
};

export const fromArray = async function* <Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
};
