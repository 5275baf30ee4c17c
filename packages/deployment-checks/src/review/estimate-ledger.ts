import type { CostLine } from './estimate-cost.ts';
import { PRICES } from './prices.ts';

/** Assumptions about a sealed ledger. */
export interface LedgerUsage {
  /** Of a run of the keeper, and of sealing an hour and verifying a day of long ago. */
  readonly keeperRunSeconds: number;
  readonly keeperHourSeconds: number;
  readonly keeperGigabytes: number;
  /** An event in a compressed part; few events in a part take more. */
  readonly sealedBytes: number;
  /** An event in the intake. */
  readonly intakeBytes: number;
  /** Queries of people by Athena. */
  readonly queries: number;
  /** What a query reads. */
  readonly queryGigabytes: number;
}

export const LEDGER_USAGE: LedgerUsage = {
  keeperRunSeconds: 1,
  keeperHourSeconds: 20,
  keeperGigabytes: 1.75,
  sealedBytes: 100,
  intakeBytes: 650,
  queries: 100,
  queryGigabytes: 0.1,
};

const ITEMS = {
  runs: 'Runs of the keeper',
  requests: 'Requests to S3 of the keeper',
  signatures: 'Signatures of the ledger, and its key',
  stored: 'Gigabytes of the ledger',
  scanned: 'Gigabytes that Athena reads',
} as const;
/** What a ledger that is not sealed does not cost. */
export const LEDGER_ITEMS: ReadonlySet<string> = new Set(Object.values(ITEMS));

interface SealedLedger {
  /** Events a month. */
  readonly events: number;
  readonly hasKeeper: boolean;
  readonly hasAthena: boolean;
  readonly lockDays: number;
}

const DAYS = 30;
const HOURS = DAYS * 24;
/** One every ten minutes. */
const RUNS = HOURS * 6;
/** Shards of a class. */
const SHARDS = 64;
/** Head, signature, manifest and the list of what was taken. */
const OBJECTS_OF_HOUR = 4;
/** An hour is verified when it is sealed, with the one before; and 24 of long ago with it. */
const VERIFIED = 26;
/** Prefixes that are listed to seal or to verify an hour. */
const LISTS_TO_SEAL = 100;
const LISTS_TO_VERIFY = 5;
/** Days of ids that are read for a part, so that an event is sealed once. */
const ID_DAYS = 35;
const INTAKE_DAYS = 35;

/** Estimates the monthly cost of the keeper, of what it seals, and of asking it by Athena. */
export const estimateLedger = (
  { events, hasKeeper, hasAthena, lockDays }: SealedLedger,
  usage: LedgerUsage,
): readonly CostLine[] => {
  const { lambda, signature, storage, key, athena } = PRICES;
  const runs = hasKeeper ? RUNS : 0;
  const hours = hasKeeper ? HOURS : 0;
  const parts = hours * Math.min(events / HOURS, SHARDS);
  const seconds = runs * usage.keeperRunSeconds + hours * usage.keeperHourSeconds;
  // A part, the list of what it took, and once a day the ids of its shard.
  const writes = parts * (2 + 1 / 24) + hours * OBJECTS_OF_HOUR;
  const lists = hours * (LISTS_TO_SEAL + VERIFIED * LISTS_TO_VERIFY);
  const reads = (hasKeeper ? events : 0) + parts * ID_DAYS + VERIFIED * (parts * 2 + hours * OBJECTS_OF_HOUR);
  const stored = hasKeeper
    ? (events *
        (usage.sealedBytes * Math.max(lockDays / DAYS, 1) + (usage.intakeBytes * INTAKE_DAYS) / DAYS)) /
      1e9
    : 0;
  const scanned = hasAthena ? usage.queries * usage.queryGigabytes : 0;
  return [
    {
      item: ITEMS.runs,
      quantity: runs,
      dollars: runs * lambda.request + seconds * usage.keeperGigabytes * lambda.gigabyteSecond,
    },
    {
      item: ITEMS.requests,
      quantity: writes + lists + reads,
      dollars: (writes + lists) * storage.write + reads * storage.read,
    },
    {
      item: ITEMS.signatures,
      quantity: hours,
      // Each run reads the public key.
      dollars: (hours + runs) * signature.each + (hasKeeper ? key.month : 0),
    },
    { item: ITEMS.stored, quantity: stored, dollars: stored * storage.gigabyteMonth },
    {
      item: ITEMS.scanned,
      quantity: scanned,
      dollars: scanned * athena.gigabyteScanned,
    },
  ];
};
