import { createHash } from 'node:crypto';

/** An id is sealed once within so many days: as long as the intake keeps its objects. */
export const ID_DAYS = 35;

/** So many bytes stand for an id: among ten million ids, the probability that two have the same is 6 in 10^16. */
export const SHORT_ID_BYTES = 12;

/** The first 96 bits of the SHA-256 of an id. */
export const shortId = (id: string): Buffer =>
  createHash('sha256').update(id).digest().subarray(0, SHORT_ID_BYTES);
