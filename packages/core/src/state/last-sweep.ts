import * as z from 'zod';

import { bestEffort } from '../base/best-effort.ts';
import type { RuleScope } from './limits.ts';
import { updateRow, type Table } from './table.ts';

const Sweep = z.object({ at: z.iso.datetime() });

/** AWS Config sweeps once a day. A day and a half later, one is missing. */
const LONGEST_GAP_MS = 36 * 3_600_000;

/**
 * Records a sweep. Returns the last one before it when that is so long ago that one in between is missing.
 * It is noticed by the next sweep: of a rule that is never swept again, nothing is noticed here.
 */
export const recordSweep = (
  table: Table,
  { accountId, region, command }: RuleScope,
  at: Date,
): Promise<Date | undefined> =>
  bestEffort(
    'The time of this sweep is not recorded',
    async () => {
      let last: Date | undefined;
      await updateRow(table, { pk: `sweep#${accountId}#${region}#${command}`, sk: 'last' }, (row) => {
        last = row && new Date(Sweep.parse(row.data).at);
        return last && last >= at ? undefined : { data: { at: at.toISOString() } };
      });
      return last && at.getTime() - last.getTime() > LONGEST_GAP_MS ? last : undefined;
    },
    undefined,
  );
