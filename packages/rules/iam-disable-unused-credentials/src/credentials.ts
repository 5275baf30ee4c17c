import {
  Key,
  dayOf,
  daysBetween,
  daysSinceUse,
  useSince,
  type ReportRow,
  type Use,
  type UserKey,
} from '@compliance/iam-credential-report';
import * as z from 'zod';

/**
 * The credential that is unused the longest, and the oldest that was never used: `password`, `access key of 2026-01-02`.
 * They alone decide the verdict. The last use of any other may change daily, and each plan with it.
 */
export const Facts = z.object({
  longestUnused: z.object({ credential: z.string().max(30), lastUsed: z.iso.date() }).nullable(),
  oldestNeverUsed: z.object({ credential: z.string().max(30), created: z.iso.datetime() }).nullable(),
});

const Password = z.object({ created: z.iso.datetime(), lastUsed: z.iso.date().nullable() });

export const Handles = z.object({ userName: z.string(), password: Password.nullable(), keys: z.array(Key) });

interface Credentials {
  readonly password: Use | null;
  readonly keys: readonly UserKey[];
}

export const factsOf = ({ password, keys }: Credentials): z.infer<typeof Facts> => {
  const credentials = [
    ...(password === null ? [] : [{ credential: 'password', ...password }]),
    ...keys.map((key) => ({ credential: `access key of ${dayOf(key.created)}`, ...key })),
  ];
  const used = credentials.flatMap(({ credential, lastUsed }) =>
    lastUsed === null ? [] : { credential, lastUsed },
  );
  const neverUsed = credentials.flatMap(({ credential, created, lastUsed }) =>
    lastUsed === null ? { credential, created } : [],
  );
  return {
    longestUnused: firstBy(used, ({ credential, lastUsed }) => `${lastUsed} ${credential}`),
    oldestNeverUsed: firstBy(neverUsed, ({ credential, created }) => `${created} ${credential}`),
  };
};

const firstBy = <T>(items: readonly T[], order: (item: T) => string): T | null =>
  items.toSorted((a, b) => (order(a) < order(b) ? -1 : 1))[0] ?? null;

/** The password of a row; `null`: there is none. `undefined`: it was never used, and the report has no date of it. */
export const reportedPassword = ({
  created,
  hasPassword,
  passwordChanged,
  passwordLastUsed,
}: ReportRow): Use | null | undefined => {
  if (!hasPassword) return null;
  if (passwordChanged === null && passwordLastUsed === null) return undefined;
  return useSince(passwordChanged ?? created, passwordLastUsed);
};

/** After how many whole days a credential violates the rule: since its last use, or since it was made. */
export interface Limits {
  readonly maxCredentialUsageAge: number;
  readonly newCredentialGraceDays: number;
}

export const isUnused = ({ created, lastUsed }: Use, limits: Limits, now: Date): boolean =>
  lastUsed === null ? isAbandoned({ created }, limits, now) : isForgotten({ lastUsed }, limits, now);

/** Was used before, but not for too long. */
export const isForgotten = (
  { lastUsed }: { readonly lastUsed: string },
  { maxCredentialUsageAge }: Limits,
  now: Date,
): boolean => daysSinceUse(lastUsed, now) >= maxCredentialUsageAge;

/** Exists for too long without any use. */
export const isAbandoned = (
  { created }: Pick<Use, 'created'>,
  { newCredentialGraceDays }: Limits,
  now: Date,
): boolean => daysBetween(created, now) >= newCredentialGraceDays;
