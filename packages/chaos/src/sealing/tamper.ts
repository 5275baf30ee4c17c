import { explain } from '@compliance/core';
import { hoursLater } from '@compliance/evidence';

import { newestHour, verifyUntil } from './keepers.ts';
import type { SealingWorld } from './world.ts';

const TAMPERINGS = 40;

/** What somebody may do to sealed objects, and verify must find. Returns what it did not. */
export const tamper = async (world: SealingWorld): Promise<readonly string[]> => {
  const sealed = world.buckets.get('sealed') ?? new Map<string, Buffer>();
  const whole = new Map(sealed);
  // That the newest hour is missing is seen by who knows until when the chain goes.
  const until = hoursLater(newestHour(world), 1);
  // These can be made again, or only say where the chain begins.
  const keys = [...whole.keys()].filter((key) => !/^(ids\/|begin\.json$)/.test(key));
  const unfound: string[] = [];
  for (let number = 0; number < TAMPERINGS; number += 1) {
    const name = tamperOnce(world, sealed, keys);
    const found = await verifyUntil(world, until).then(
      ({ problem, signer }) => problem !== undefined || signer !== 'proven',
      (error: unknown) => {
        unfound.push(`${name}: verify ended with an error: ${explain(error)}`);
        return true;
      },
    );
    if (!found) unfound.push(`${name}: verify found nothing`);
    sealed.clear();
    for (const [key, bytes] of whole) sealed.set(key, bytes);
  }
  return unfound;
};

/** The last byte that deflate writes has bits that mean nothing; behind it is the trailer. */
const GZIP_END = 9;

const tamperOnce = (
  { random }: SealingWorld,
  sealed: Map<string, Buffer>,
  keys: readonly string[],
): string => {
  const key = random.pick(keys);
  const bytes = Buffer.from(sealed.get(key) ?? '');
  switch (random.below(4)) {
    case 0:
      sealed.delete(key);
      return `${key} deleted`;
    case 1: {
      const end = key.endsWith('.gz') ? bytes.length - GZIP_END : bytes.length;
      const at = random.below(end);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      sealed.set(key, bytes);
      return `a bit of ${key} flipped`;
    }
    case 2:
      sealed.set(key, Buffer.concat([bytes, Buffer.from('\n')]));
      return `a byte appended to ${key}`;
    default: {
      const other = random.pick(keys.filter((one) => !sealed.get(one)?.equals(bytes)));
      sealed.set(key, sealed.get(other) ?? bytes);
      return `${key} replaced by ${other}`;
    }
  }
};
