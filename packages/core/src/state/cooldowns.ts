import * as z from 'zod';

import type { FixTarget } from './limits.ts';
import { updateRow, type Table } from './table.ts';

const Cooldown = z.object({ by: z.string(), until: z.iso.datetime(), changeId: z.string() });
type Cooldown = Readonly<z.infer<typeof Cooldown>>;

/** Why mode `auto` leaves a resource alone: a person undid its fix recently. */
export const cooldownReason = async (
  table: Table,
  target: FixTarget,
  now: Date,
): Promise<string | undefined> => {
  const row = await table.get(partitionOf(target), SORT_KEY);
  if (!row) return undefined;
  const { by, until, changeId } = Cooldown.parse(row.data);
  return now < new Date(until) ? `${by} undid ${changeId}. No automatic fix before ${until}.` : undefined;
};

export const startCooldown = async (table: Table, target: FixTarget, cooldown: Cooldown): Promise<void> => {
  await updateRow(table, { pk: partitionOf(target), sk: SORT_KEY }, () => ({
    data: cooldown,
    expiresAt: new Date(cooldown.until),
  }));
};

const SORT_KEY = 'hold';
const partitionOf = ({ accountId, region, command, resourceId }: FixTarget) =>
  `hold#${accountId}#${region}#${command}#${resourceId}`;
