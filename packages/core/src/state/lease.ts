import { setTimeout as sleep } from 'node:timers/promises';

import * as z from 'zod';

import { transient } from '../base/errors.ts';
import type { Table, TableItem } from './table.ts';

export interface LeaseOptions {
  /** What must not be written by two at once: `iam/password-policy|111122223333|eu-west-1|`. */
  readonly name: string;
  /** Who holds it, for the one who finds it taken. */
  readonly holder: string;
  /** Longer than the holder can live, so that a killed holder blocks others only this long. */
  readonly seconds: number;
  /** How long to wait for another holder before giving up. */
  readonly waitSeconds: number;
}

/**
 * Does the work while nobody else who asks for the same name does theirs.
 * @throws {ComplianceError} transient `lease-held` when the wait was in vain
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
    // The work is what it is also when the table is away by now; the lease then ends by itself.
    await table.remove(keyOf(options.name), SORT_KEY, version).catch(() => false);
  }
};

const SORT_KEY = 'lease';
const keyOf = (name: string) => `lease#${name}`;

const Lease = z.object({ holder: z.string(), until: z.iso.datetime().transform((text) => new Date(text)) });

const acquire = async (table: Table, options: LeaseOptions): Promise<number> => {
  const giveUpAt = Date.now() + options.waitSeconds * 1000;
  for (let pauseMs = 25; ; pauseMs = Math.min(pauseMs * 2, 1000)) {
    const held = await table.get(keyOf(options.name), SORT_KEY);
    if (!held || hasExpired(held)) {
      const expected = held?.version ?? 0;
      if (await table.put(leaseRow(options, expected))) return expected + 1;
    } else if (Date.now() > giveUpAt) {
      const { holder, until } = Lease.parse(held.data);
      throw transient(
        'lease-held',
        `${options.name} is being changed by ${holder} until ${until.toISOString()}.`,
      );
    }
    await sleep(pauseMs * (0.5 + Math.random()));
  }
};

const hasExpired = ({ data }: TableItem) => Lease.parse(data).until.getTime() < Date.now();

const leaseRow = ({ name, holder, seconds }: LeaseOptions, expected: number) => {
  const until = new Date(Date.now() + seconds * 1000);
  return {
    pk: keyOf(name),
    sk: SORT_KEY,
    data: { holder, until: until.toISOString() },
    expiresAt: until,
    expected,
  };
};
