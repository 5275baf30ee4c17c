import * as z from 'zod';

import { bestEffort } from '../base/best-effort.ts';
import { digest } from '../base/json.ts';
import type { RuleScope } from './limits.ts';
import type { Table, TableItem } from './table.ts';

/**
 * The verdicts of one batch, from before AWS Config gets them until they are published.
 * A sweep sends what changed, and AWS Config shows a verdict once it was sent. Without this row, a run that ends in
 * between would leave verdicts that no later sweep publishes.
 */
const Unconfirmed = z.object({ resources: z.array(z.string()) });

export interface UnconfirmedBatch {
  /** Their keys. */
  readonly resources: readonly string[];
  readonly row: Pick<TableItem, 'pk' | 'sk' | 'version'>;
}

const WHAT = 'Verdicts are sent without a note that they are not published yet';

/** Notes a batch. A table that is away holds back no verdict, so it is then sent without a note. */
export const noteUnconfirmed = (
  table: Table,
  scope: RuleScope,
  { resources, now }: { readonly resources: readonly string[]; readonly now: Date },
): Promise<UnconfirmedBatch | undefined> =>
  bestEffort(
    WHAT,
    async () => {
      const row = { pk: partitionOf(scope), sk: `${now.toISOString()}#${digest(resources)}` };
      const expiresAt = new Date(now.getTime() + KEEP_MS);
      const isWritten = await table.put({ ...row, data: { resources }, expected: 0, expiresAt });
      return isWritten ? { resources, row: { ...row, version: 1 } } : undefined;
    },
    undefined,
  );

/** Ends a batch that is published. */
export const confirm = (table: Table, { row }: UnconfirmedBatch): Promise<void> =>
  bestEffort(
    'Published verdicts stay noted as unpublished, and the next sweep publishes them again',
    async () => void (await table.remove(row.pk, row.sk, row.version)),
    undefined,
  );

/** The batches of earlier runs that may not be published. */
export const readUnconfirmed = (table: Table, scope: RuleScope): Promise<readonly UnconfirmedBatch[]> =>
  bestEffort(
    'Verdicts that an earlier sweep did not publish wait for the next one',
    async () => {
      const rows = await Array.fromAsync(table.query(partitionOf(scope)));
      return rows.map((row) => ({ ...Unconfirmed.parse(row.data), row }));
    },
    [],
  );

/** A rule that is gone has no sweep that would end its batches. */
const KEEP_MS = 90 * 86_400_000;

const partitionOf = ({ accountId, region, command }: RuleScope) =>
  `unconfirmed#${accountId}#${region}#${command}`;
