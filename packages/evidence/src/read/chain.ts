import * as z from 'zod';

import { Digest } from '../format/head.ts';
import { PeriodText } from '../format/period.ts';
import { sha256 } from '../format/sha256.ts';
import type { StoredHead } from './list-heads.ts';

/** What the head after it must fit to. */
export const ChainLink = z.object({
  period: PeriodText,
  number: z.int().nonnegative(),
  /** Of the head. */
  sha256: Digest,
  /** The fingerprint of its key. */
  keyId: Digest,
});
export type ChainLink = Readonly<z.infer<typeof ChainLink>>;

export const linkOf = ({ head, bytes }: StoredHead): ChainLink => ({
  period: head.period,
  number: head.number,
  sha256: sha256(bytes),
  keyId: head.keyId,
});

/** Why a head does not follow the one before it. */
export const chainProblem = ({ head }: StoredHead, before: ChainLink): string | undefined => {
  if (head.number !== before.number + 1)
    return `Between ${before.period} and this one, ${head.number - before.number - 1} periods are missing.`;
  if (head.previous !== before.sha256) return 'It does not follow the head before: one of both was replaced.';
  // Without the signature by the former key, anybody could go on with a key of their own.
  if (head.keyId !== before.keyId && head.formerKeyId !== before.keyId)
    return `It is signed by another key than the head before, ${head.keyId}, and not by the former one as well.`;
  return undefined;
};
