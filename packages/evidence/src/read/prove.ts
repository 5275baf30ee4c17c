import { headKey, manifestKey, signatureKey } from '../format/keys.ts';
import { MAX_HEAD_BYTES, parseHead } from '../format/head.ts';
import { MAX_KEY_BYTES, MAX_MANIFEST_BYTES } from '../format/limits.ts';
import { parseManifest } from '../format/manifest.ts';
import { inclusionProof, leafHash, rootByProof, type ProofStep } from '../format/merkle.ts';
import { parseSortable, splitLines } from '../format/part.ts';
import type { Period } from '../format/period.ts';
import { sha256 } from '../format/sha256.ts';
import { isSignedBy, type PublicKey } from '../format/signer.ts';
import { readExisting, type ObjectStore } from '../store/object-store.ts';
import { readPart } from './read-parts.ts';

/** What shows that one event was sealed, without the other events of its hour. */
export interface EventProof {
  /** The line of the event. */
  readonly line: string;
  /** The key of the part that has it. */
  readonly part: string;
  /** From the line to the root of the part. */
  readonly path: readonly ProofStep[];
  readonly manifest: Buffer;
  readonly head: Buffer;
  readonly signature: Buffer;
}

/** Proves that an event was sealed in a period; `undefined` when it was not. */
export const proveEvent = async (
  store: ObjectStore,
  period: Period,
  id: string,
): Promise<EventProof | undefined> => {
  const manifest = await readExisting(store, manifestKey(period), MAX_MANIFEST_BYTES);
  for (const part of parseManifest(manifest).parts) {
    const lines = splitLines(await readPart(store, part));
    const index = lines.findIndex((line) => parseSortable(line.toString('utf8'))?.id === id);
    const line = lines[index];
    if (!line) continue;
    const head = await readExisting(store, headKey(period), MAX_HEAD_BYTES);
    return {
      line: line.toString('utf8'),
      part: part.key,
      path: inclusionProof(lines.map(leafHash), index),
      manifest,
      head,
      signature: await readExisting(store, signatureKey(period, parseHead(head).keyId), MAX_KEY_BYTES),
    };
  }
  return undefined;
};

/** Whether a proof leads from its line to a head that the key signed. */
export const isProven = ({ line, part, path, ...signed }: EventProof, key: PublicKey): boolean => {
  const entry = parseManifest(signed.manifest).parts.find((one) => one.key === part);
  return (
    entry?.root === rootByProof(leafHash(Buffer.from(line)), path).toString('hex') &&
    parseHead(signed.head).manifest === sha256(signed.manifest) &&
    isSignedBy(signed.head, signed.signature, key)
  );
};
