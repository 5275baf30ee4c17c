import { zipSync, type Zippable } from 'fflate';

// The oldest time that a zip can hold, so that the archive does not depend on when it is made.
const EPOCH = new Date(1980, 0, 1);

/** Zips files to the same bytes for the same content: entries sorted, times and modes fixed. */
export const reproducibleZip = (files: Readonly<Record<string, Uint8Array>>): Uint8Array => {
  const entries = Object.entries(files)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, content]) => [name, [content, { mtime: EPOCH, level: 9, os: 3, attrs: 0o644 << 16 }]] as const,
    );
  const zippable: Zippable = Object.fromEntries(
    entries.map(([name, [content, options]]) => [name, [content, options]]),
  );
  return zipSync(zippable);
};
