const DAY_MS = 86_400_000;

/** The time to the second, like the report. */
export const isoOf = (date: Date | undefined): string => {
  if (!date) throw new Error('Incomplete answer of IAM: a user or a credential has no date.');
  return new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString();
};

/** The day of a time, in UTC. */
export const dayOf = (time: string): string => time.slice(0, 10);

/** Whole days. */
export const daysBetween = (from: string, to: Date): number =>
  Math.floor((to.getTime() - Date.parse(from)) / DAY_MS);

/** When a credential was made and last used. */
export interface Use {
  readonly created: string;
  /** The day, in UTC: the hour would change each time the credential is used. `null`: never used. */
  readonly lastUsed: string | null;
}

/** The use of a credential. A use before its creation was of an earlier one, such as a password that was set again. */
export const useSince = (created: string, lastUsed: string | null): Use => ({
  created,
  lastUsed: lastUsed === null || dayOf(lastUsed) < dayOf(created) ? null : dayOf(lastUsed),
});

/** The whole days for which a credential is certainly unused; since its creation when it was never used. */
export const daysUnused = ({ created, lastUsed }: Use, now: Date): number =>
  lastUsed === null ? daysBetween(created, now) : daysSinceUse(lastUsed, now);

/** The whole days since a use of which only the day is known. */
export const daysSinceUse = (lastUsed: string, now: Date): number => daysBetween(lastUsed, now) - 1;

/** `last used on 2026-01-02` */
export const describeUse = ({ lastUsed }: Pick<Use, 'lastUsed'>): string =>
  lastUsed === null ? 'never used' : `last used on ${lastUsed}`;
