// What is read from a store is bounded: somebody else may have put anything there, and a few kB of gzip can become many GB.

const MEGABYTE = 2 ** 20;

/** The bytes of an object of the intake, and so of a line. One append of a function is far smaller. */
export const MAX_INTAKE_BYTES = 64 * MEGABYTE;

/** The bytes of a part's lines: as long as a text can be in Node, as which the keeper sorts them. */
export const MAX_PART_BYTES = 512 * MEGABYTE;

/** The bytes of a manifest, or of a list of what it takes. */
export const MAX_MANIFEST_BYTES = 64 * MEGABYTE;

/** The bytes of a list of keys, uncompressed: of 1.3 million objects it has a third of it. */
export const MAX_KEY_LIST_BYTES = 512 * MEGABYTE;

/** The bytes of a public key or a signature. */
export const MAX_KEY_BYTES = 4096;

/** How long so many bytes are at most when gzip cannot compress them. */
export const compressedLimit = (bytes: number): number => bytes + Math.ceil(bytes / 1000) + 1024;
