import { permanent } from '@compliance/core';

import { headBytes, type Head } from '../format/head.ts';
import { headKey, manifestKey, publicKeyKey, signatureKey } from '../format/keys.ts';
import { joinNamed, manifestBytes, type Manifest } from '../format/manifest.ts';
import type { Period } from '../format/period.ts';
import { sha256 } from '../format/sha256.ts';
import type { StoredHead } from '../read/list-heads.ts';
import type { SealedUnit } from './checkpoints.ts';
import type { BegunKeeper } from './keeper.ts';
import { createOwn } from './own-objects.ts';
import { sealUnit, unitsOf } from './seal-unit.ts';
import { takeIntake } from './take-intake.ts';

/** A period that is sealed: everything in it is stored and signed. */
export interface SealedPeriod extends StoredHead {
  readonly manifest: Manifest;
}

/**
 * Seals a period: its parts, its manifest, its signed head. Each is created, never replaced, so that it can be interrupted
 * at any point and started again, even twice at once.
 * @returns `undefined` when there was no time for all of it
 */
export const sealPeriod = async (
  keeper: BegunKeeper,
  period: Period,
  previous: StoredHead | undefined,
): Promise<SealedPeriod | undefined> => {
  const intake = await takeIntake(keeper, period);
  const done = new Map(await keeper.checkpoints.read(period));
  const units = unitsOf(intake.lists);
  for (const [index, unit] of units.entries()) {
    if (done.has(unit.name)) continue;
    if (!keeper.mayGoOn()) return undefined;
    // Only what comes before it: of checkpoints that expire, a later one may be left.
    const soFar = units.slice(0, index).flatMap(({ name }) => done.get(name)?.parts ?? []);
    const sealed = await sealUnit(keeper, period, { unit, soFar });
    await keeper.checkpoints.record(period, unit.name, sealed);
    done.set(unit.name, sealed);
  }
  const results = units.flatMap(({ name }) => done.get(name) ?? []);
  const { lists, ...header } = intake;
  const manifest = { ...header, taken: lists, ...joined(results) };
  const bytes = await createOwn(keeper.sealed, manifestKey(period), manifestBytes(manifest));
  return { manifest, ...(await signHead(keeper, { manifest, bytes }, previous)) };
};

const joined = (results: readonly SealedUnit[]) => ({
  parts: results.flatMap(({ parts }) => parts),
  unreadable: joinNamed(results.map(({ unreadable }) => unreadable)),
  duplicates: results.reduce((sum, { duplicates }) => sum + duplicates, 0),
});

/** The head comes last: a period that has one is sealed. */
const signHead = async (
  keeper: BegunKeeper,
  { manifest, bytes: stored }: { readonly manifest: Manifest; readonly bytes: Buffer },
  previous: StoredHead | undefined,
): Promise<StoredHead> => {
  const { period, parts } = manifest;
  const { signer, formerSigner } = keeper;
  const keyId = signer.publicKey.fingerprint;
  const isNewKey = previous !== undefined && previous.head.keyId !== keyId;
  const head: Head = {
    format: 1,
    period,
    number: previous ? previous.head.number + 1 : 0,
    manifest: sha256(stored),
    ...(previous && { previous: sha256(previous.bytes) }),
    lines: parts.reduce((sum, { lines }) => sum + lines, 0),
    keyId,
    ...(isNewKey && { formerKeyId: previous.head.keyId }),
  };
  if (isNewKey && formerSigner?.publicKey.fingerprint !== previous.head.keyId)
    throw permanent(
      'foreign-key',
      `The head before ${period} is signed by another key: ${previous.head.keyId}. Where the key is replaced, name that one as the former key: both have to sign.`,
    );
  const bytes = headBytes(head);
  for (const one of isNewKey && formerSigner ? [formerSigner, signer] : [signer]) {
    const { fingerprint, pem } = one.publicKey;
    await createOwn(keeper.sealed, publicKeyKey(fingerprint), Buffer.from(pem));
    // Signatures by Ed25519 are deterministic: another one is foreign.
    await createOwn(keeper.sealed, signatureKey(period, fingerprint), await one.sign(bytes));
  }
  return { head, bytes: await createOwn(keeper.sealed, headKey(period), bytes) };
};
