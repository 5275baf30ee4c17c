import { createHash } from 'node:crypto';

import type { EventClass } from '@compliance/ledger';

import type { StoredLine } from './part.ts';

/** An event is sealed once within so many days: as long as the intake keeps its objects. */
export const ID_DAYS = 35;

/** So many bytes stand for an event: among ten million, the probability that two have the same is 6 in 10^16. */
export const SHORT_ID_BYTES = 12;

/**
 * What makes two lines the same event: their class, account and id, as the first 96 bits of a SHA-256. The ids of one
 * account say nothing about those of another.
 */
export const shortId = (name: EventClass, { accountId, id }: Pick<StoredLine, 'accountId' | 'id'>): Buffer =>
  createHash('sha256')
    // JSON keeps apart what UTF-8 would not: half of a surrogate pair.
    .update(JSON.stringify([name, accountId ?? null, id]))
    .digest()
    .subarray(0, SHORT_ID_BYTES);
