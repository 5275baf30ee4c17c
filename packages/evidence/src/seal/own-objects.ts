import { permanent } from '@compliance/core';

import { createOrRead, type ObjectStore } from '../store/object-store.ts';

/** Somebody else wrote where the keeper does. It signs nothing that follows from that. */
export const foreignObject = (place: string, why: string, cause?: unknown) =>
  permanent('foreign-object', `${place} ${why} The keeper did not write it: find out who did.`, cause);

/** Creates what can only have one content. @throws {ComplianceError} `foreign-object` when another one is there */
export const createOwn = async (store: ObjectStore, key: string, bytes: Buffer): Promise<Buffer> => {
  const stored = await createOrRead(store, key, { bytes, limit: bytes.length });
  if (stored.equals(bytes)) return stored;
  throw foreignObject(store.describe(key), 'has another content.');
};

/** Parses what the keeper wrote before. @throws {ComplianceError} `foreign-object` when it cannot be that */
export const parseOwn = <Content>(store: ObjectStore, key: string, parse: () => Content): Content => {
  try {
    return parse();
  } catch (error) {
    throw foreignObject(store.describe(key), 'cannot be read.', error);
  }
};
