import * as z from 'zod';

import type { FixTarget } from './limits.ts';
import type { Table } from './table.ts';

const Hold = z.object({ by: z.string(), until: z.iso.datetime(), changeId: z.string() });
type Hold = Readonly<z.infer<typeof Hold>>;

/** Why auto leaves a resource alone: a person undid its fix not long ago, and knows why. */
export const cooldownReason = async (
  table: Table,
  target: FixTarget,
  now: Date,
): Promise<string | undefined> => {
  const row = await table.get(keyOf(target), 'hold');
  if (!row) return undefined;
  const { by, until, changeId } = Hold.parse(row.data);
  return now < new Date(until) ? `${by} undid ${changeId}; it is left alone until ${until}.` : undefined;
};

export const startCooldown = async (table: Table, target: FixTarget, hold: Hold): Promise<void> => {
  const pk = keyOf(target);
  const row = await table.get(pk, 'hold');
  await table.put({
    pk,
    sk: 'hold',
    data: hold,
    expiresAt: new Date(hold.until),
    expected: row?.version ?? 0,
  });
};

const keyOf = ({ accountId, region, command, resourceId }: FixTarget) =>
  `hold#${accountId}#${region}#${command}#${resourceId}`;
