import { canonical } from '@compliance/core';
import * as z from 'zod';

import { jsonIn } from './json.ts';
import { PeriodText } from './period.ts';

/** A SHA-256 in hex. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What is signed: a period, its manifest, and the head before it. */
export const Head = z.object({
  format: z.literal(1),
  period: PeriodText,
  /** Counts from 0. */
  number: z.int().nonnegative(),
  manifest: Digest,
  /** The SHA-256 of the head before; absent in the first one. */
  previous: Digest.optional(),
  lines: z.int().nonnegative(),
  /** The fingerprint of the key that signs: the SHA-256 of the public key in DER. */
  keyId: Digest,
  /** The key of the head before, where it is another one: both sign. */
  formerKeyId: Digest.optional(),
});
export type Head = Readonly<z.infer<typeof Head>>;

/** What KMS signs at most. */
export const MAX_HEAD_BYTES = 4096;

/** The bytes that are signed and stored. */
export const headBytes = (head: Head): Buffer => {
  const bytes = Buffer.from(`${canonical(head)}\n`);
  if (bytes.length < MAX_HEAD_BYTES) return bytes;
  throw new Error(
    `The head of ${head.period} has ${bytes.length} bytes; KMS signs less than ${MAX_HEAD_BYTES}.`,
  );
};

/** @throws {Error} when it is no head */
export const parseHead = (bytes: Buffer): Head => Head.parse(jsonIn(bytes));
