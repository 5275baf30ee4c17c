import { permanent } from '@compliance/core/rule';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';

import type { UserKey } from './access-keys.ts';
import { isoOf, useSince } from './time.ts';

/** The row of one user. `null`: the report has no date, because nothing happened or IAM does not know it. */
export interface ReportRow {
  readonly user: string;
  readonly created: string;
  /** Whether the user has a password. False for root, of which IAM does not say. */
  readonly hasPassword: boolean;
  readonly passwordChanged: string | null;
  readonly passwordLastUsed: string | null;
  readonly hasMfa: boolean;
  readonly keys: readonly ReportedKey[];
}

/** One of the two places for an access key. A deactivated key keeps its dates; a place without a key has none. */
interface ReportedKey {
  readonly active: boolean;
  readonly created: string | null;
  readonly lastUsed: string | null;
}

/** The active keys of a row; `undefined` when the report has no date of one. */
export const activeKeysOf = ({ keys }: ReportRow): readonly UserKey[] | undefined => {
  const active = keys.filter((key) => key.active);
  const dated = active.flatMap(({ created, lastUsed }) =>
    created === null ? [] : useSince(created, lastUsed),
  );
  return dated.length === active.length ? dated : undefined;
};

/** @throws {ComplianceError} `malformed-report` */
export const parseReport = (csv: string): readonly ReportRow[] => {
  try {
    return z.array(Row).parse(parse(csv, { columns: true }));
  } catch (error) {
    throw permanent(
      'malformed-report',
      'Malformed credential report: it does not have the columns and values of IAM.',
      error,
    );
  }
};

const Flag = z.string().transform((text) => text.toLowerCase() === 'true');

const Time = z.iso.datetime({ offset: true }).transform((text) => isoOf(new Date(text)));

/** The report's values for a missing date. */
const NoTime = z.enum(['N/A', 'no_information', 'not_supported']).transform(() => null);

const MaybeTime = z.union([Time, NoTime]);

const Row = z
  .object({
    user: z.string(),
    user_creation_time: Time,
    password_enabled: Flag,
    password_last_used: MaybeTime,
    password_last_changed: MaybeTime,
    mfa_active: Flag,
    access_key_1_active: Flag,
    access_key_1_last_rotated: MaybeTime,
    access_key_1_last_used_date: MaybeTime,
    access_key_2_active: Flag,
    access_key_2_last_rotated: MaybeTime,
    access_key_2_last_used_date: MaybeTime,
  })
  .transform((row): ReportRow => ({
    user: row.user,
    created: row.user_creation_time,
    hasPassword: row.password_enabled,
    passwordChanged: row.password_last_changed,
    passwordLastUsed: row.password_last_used,
    hasMfa: row.mfa_active,
    // `last_rotated` is the creation of the key that is there now.
    keys: [
      {
        active: row.access_key_1_active,
        created: row.access_key_1_last_rotated,
        lastUsed: row.access_key_1_last_used_date,
      },
      {
        active: row.access_key_2_active,
        created: row.access_key_2_last_rotated,
        lastUsed: row.access_key_2_last_used_date,
      },
    ],
  }));
