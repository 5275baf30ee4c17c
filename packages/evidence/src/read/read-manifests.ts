import { manifestKey } from '../format/keys.ts';
import { MAX_MANIFEST_BYTES } from '../format/limits.ts';
import { parseManifest, type Manifest } from '../format/manifest.ts';
import type { Period } from '../format/period.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { brokenSeal } from './broken-seal-error.ts';

/** Reads the manifest of a period, once; `undefined` when there is none. */
export type ManifestReader = (period: Period) => Promise<Manifest | undefined>;

export const createManifestReader = (store: ObjectStore): ManifestReader => {
  const read = new Map<Period, Promise<Manifest | undefined>>();
  return async (period) => {
    const known = read.get(period);
    if (known) return known;
    const reading = store
      .read(manifestKey(period), MAX_MANIFEST_BYTES)
      .then((bytes) => bytes && parseManifest(bytes))
      .catch((error: unknown) => {
        throw brokenSeal(store.describe(manifestKey(period)), error);
      });
    read.set(period, reading);
    const manifest = await reading;
    // It may be sealed later.
    if (!manifest) read.delete(period);
    return manifest;
  };
};
