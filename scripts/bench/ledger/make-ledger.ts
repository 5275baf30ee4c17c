import { folderLedger } from '../../../packages/ledger/src/folder-ledger.ts';
import { changeAppends, verdictsOf, type LedgerSize } from './synthetic-events.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Scheduled rules of all accounts fire around the same minute. */
const SWEEP_HOURS = [0, 6, 12, 18];

/** Changes begin in these hours of a day. */
const [FIRST_HOUR, HOURS] = [7, 10];

/**
 * Writes a ledger of the days before `end` by the writer of the functions, the same one every time.
 * Each change has its own appends, as its functions make them. The verdicts of a sweep hour are one append, which the
 * writer groups by shard: what a function delivers again after an outage looks like this.
 */
export const makeLedger = async (folder: string, size: LedgerSize, end: Date): Promise<void> => {
  const start = end.getTime() - size.days * DAY_MS;
  const sweeps = Array.from({ length: size.days }).flatMap((_, day) =>
    SWEEP_HOURS.map((hour) => new Date(start + day * DAY_MS + hour * HOUR_MS)),
  );
  for (const [index, time] of sweeps.entries()) {
    const [from = 0, to = 0] = [index, index + 1].map((n) => Math.floor((size.verdicts * n) / sweeps.length));
    await folderLedger(folder, () => time).append(verdictsOf(from, to, size, time));
  }
  for (let index = 0; index < size.changes; index += 1)
    for (const { at, events } of changeAppends(index, size, startOf(index, size, start)))
      await folderLedger(folder, () => at).append(events);
};

/** Spreads the changes evenly over the working hours of all days. */
const startOf = (index: number, { changes, days }: LedgerSize, start: number): Date => {
  const hour = Math.floor((index * days * HOURS) / changes);
  const inHour = ((index * 7919) % 3600) * 1000;
  return new Date(
    start + Math.floor(hour / HOURS) * DAY_MS + (FIRST_HOUR + (hour % HOURS)) * HOUR_MS + inHour,
  );
};
