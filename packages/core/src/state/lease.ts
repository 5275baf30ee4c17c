import * as z from 'zod';

import type { Clock } from '../base/clock.ts';
import { transient } from '../base/errors.ts';
import type { Table, TableItem } from './table.ts';

export interface LeaseOptions {
  /** The resource that only one run may write at a time: `iam/password-policy|111122223333|eu-west-1|`. */
  readonly name: string;
  /** Named in the error of a run that waited too long. */
  readonly holder: string;
  /** Longer than the holder can live. A killed holder blocks others for this long at most. */
  readonly seconds: number;
  /** How long to wait for another holder before giving up. */
  readonly waitSeconds: number;
  readonly clock: Clock;
}

/**
 * Runs `work` while holding the lease `name`.
 * @throws {ComplianceError} transient `lease-held` when another holder had it for longer than the wait
 */
export const withLease = async <T>(
  table: Table,
  options: LeaseOptions,
  work: () => Promise<T>,
): Promise<T> => {
  const version = await acquire(table, options);
  try {
    return await work();
  } finally {
    // The work is done even when the table is unreachable now; the lease then expires.
    await table.remove(keyOf(options.name), SORT_KEY, version).catch(() => false);
  }
};

const SORT_KEY = 'lease';
const keyOf = (name: string) => `lease#${name}`;

const Lease = z.object({ holder: z.string(), until: z.iso.datetime().transform((text) => new Date(text)) });

const acquire = async (table: Table, options: LeaseOptions): Promise<number> => {
  const { now, sleep } = options.clock;
  const giveUpAt = now().getTime() + options.waitSeconds * 1000;
  for (let pauseMs = 25; ; pauseMs = Math.min(pauseMs * 2, 1000)) {
    const held = await table.get(keyOf(options.name), SORT_KEY);
    if (!held || hasExpired(held, now())) {
      const expected = held?.version ?? 0;
      if (await table.put(leaseRow(options, expected))) return expected + 1;
    } else if (now().getTime() > giveUpAt) {
      const { holder, until } = Lease.parse(held.data);
      throw transient(
        'lease-held',
        `${options.name} is leased by ${holder} until ${until.toISOString()}. Try again later.`,
      );
    }
    await sleep(pauseMs * (0.5 + Math.random()));
  }
};

const hasExpired = ({ data }: TableItem, now: Date) => Lease.parse(data).until < now;

const leaseRow = ({ name, holder, seconds, clock }: LeaseOptions, expected: number) => {
  const until = new Date(clock.now().getTime() + seconds * 1000);
  return {
    pk: keyOf(name),
    sk: SORT_KEY,
    data: { holder, until: until.toISOString() },
    expiresAt: until,
    expected,
  };
};
