import { permanent } from '@compliance/core';

import { BEGIN_KEY, MAX_BEGIN_BYTES, parseBegin } from '../format/begin.ts';
import {
  dayOf,
  daysBetween,
  hourOf,
  hoursLater,
  importedOf,
  isHour,
  type Hour,
  type Period,
} from '../format/period.ts';
import { isSignedBy, type Signer } from '../format/signer.ts';
import { newestHead, readSignature, type StoredHead } from '../read/list-heads.ts';
import { createManifestReader } from '../read/read-manifests.ts';
import { createOrRead } from '../store/object-store.ts';
import type { BegunKeeper, Keeper } from './keeper.ts';
import { olderDays } from './older-days.ts';
import { parseOwn } from './own-objects.ts';
import { sealPeriod, type SealedPeriod } from './seal-period.ts';

/** What arrived until the end of an hour is in the intake soon after it. */
const CLOSED_AFTER_MS = 20 * 60_000;
const HOUR_MS = 3_600_000;

/** What one run of the keeper did. */
export interface KeeperRun {
  readonly sealed: readonly SealedPeriod[];
  /** The period that the next run goes on with. */
  readonly unfinished?: Period;
  /** The newest head, also of a run before. */
  readonly newest?: StoredHead;
}

export interface KeepOptions {
  /** Where a new chain begins; the last hour that is over, unless given. */
  readonly firstHour?: Hour;
  /** Also seals the hours until this one, which may not be over: what arrives later in them is late. */
  readonly through?: Hour;
  /** Receives each head, once at least: again when the run that sealed it may not have done so. */
  readonly onHead?: (stored: StoredHead) => Promise<void>;
}

/**
 * Seals every hour that is over and not sealed yet, the oldest first, while there is time. What was stored before the
 * first hour is imported, day by day.
 */
export const keep = async (
  keeper: Keeper,
  now: Date,
  { firstHour, through, onHead = async () => {} }: KeepOptions = {},
): Promise<KeeperRun> => {
  const closed = hourOf(new Date(now.getTime() - CLOSED_AFTER_MS - HOUR_MS));
  const last = through !== undefined && through > closed ? through : closed;
  const begun = await begin(keeper, firstHour ?? closed);
  let newest = await newestHead(keeper.sealed, dayOf(last));
  if (newest) {
    await assertOwn(keeper, newest);
    await onHead(newest);
  }
  const sealed: SealedPeriod[] = [];
  for (;;) {
    const period = nextPeriod(begun, newest);
    if (isHour(period) && period > last) return { sealed, ...(newest && { newest }) };
    const next = keeper.mayGoOn() ? await sealPeriod(begun, period, newest) : undefined;
    if (!next) return { sealed, unfinished: period, ...(newest && { newest }) };
    await onHead(next);
    sealed.push(next);
    newest = next;
  }
};

/** Where the chain begins, and what is imported before, is decided once. */
const begin = async (keeper: Keeper, proposed: Hour): Promise<BegunKeeper> => {
  const { sealed } = keeper;
  const bytes =
    (await sealed.read(BEGIN_KEY, MAX_BEGIN_BYTES)) ??
    (await createOrRead(sealed, BEGIN_KEY, {
      bytes: await newBeginning(keeper, proposed),
      limit: MAX_BEGIN_BYTES,
    }));
  const {
    firstHour,
    firstDay,
    importedDays = daysBetween(firstDay, dayOf(firstHour)),
  } = parseOwn(sealed, BEGIN_KEY, () => parseBegin(bytes));
  return { ...keeper, firstHour, firstDay, importedDays, manifestOf: createManifestReader(sealed) };
};

const newBeginning = async (keeper: Keeper, firstHour: Hour): Promise<Buffer> => {
  const importedDays = await Array.fromAsync(olderDays(keeper, firstHour));
  const firstDay = importedDays[0] ?? dayOf(firstHour);
  return Buffer.from(`${JSON.stringify({ firstHour, firstDay, importedDays })}\n`);
};

/** What is next depends on nothing that changes: two keepers would sign two heads of one number. */
const nextPeriod = ({ firstHour, importedDays }: BegunKeeper, newest: StoredHead | undefined): Period => {
  const last = newest?.head.period;
  if (last !== undefined && isHour(last)) return hoursLater(last, 1);
  const day = importedDays.find((one) => last === undefined || one > dayOf(last));
  return day === undefined ? firstHour : importedOf(day);
};

/** Nobody else can make the keeper go on from a head that it did not sign. */
const assertOwn = async (
  { sealed, signer, formerSigner }: Keeper,
  { head, bytes }: StoredHead,
): Promise<void> => {
  const own = [signer, formerSigner].find((one): one is Signer => one?.publicKey.fingerprint === head.keyId);
  const signature = own && (await readSignature(sealed, head.period, head.keyId));
  if (own && signature && isSignedBy(bytes, signature, own.publicKey)) return;
  throw permanent(
    own ? 'foreign-object' : 'foreign-key',
    own
      ? `The newest head, of ${head.period}, is not signed by the keeper. Find out who wrote it.`
      : `The newest head, of ${head.period}, is signed by another key: ${head.keyId}. Where the key is replaced, name that one as the former key.`,
  );
};
