import { lockedPeriodOf } from './keys.ts';
import { retentionStart } from './period.ts';

const DAY_MS = 24 * 3_600_000;

/** Until when an object is locked: so many days after its hour, whenever it is sealed. */
export const lockedUntil =
  (days: number) =>
  (key: string): Date | undefined => {
    const period = lockedPeriodOf(key);
    return period && new Date(retentionStart(period).getTime() + days * DAY_MS);
  };
