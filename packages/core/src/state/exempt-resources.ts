import * as z from 'zod';

import { bestEffort } from '../base/best-effort.ts';
import type { RuleScope } from './limits.ts';
import type { Table, TableItem } from './table.ts';

/**
 * The exempt resources of a rule in an account and Region that the ledger knows, with the id of their exemption, by key.
 * AWS Config shows no NOT_APPLICABLE verdict: without these rows, a sweep cannot tell a known exempt resource from a new
 * one.
 */
export interface ExemptResources {
  readonly resources: ReadonlyMap<string, string>;
  readonly rows: readonly TableItem[];
}

const Part = z.object({ resources: z.array(z.tuple([z.string(), z.string()])) });

/** `undefined` when the table is away: then nothing is known, and nothing is published for it. */
export const readExempt = (table: Table, scope: RuleScope): Promise<ExemptResources | undefined> =>
  bestEffort(
    'New exempt resources are published by the next sweep',
    async () => {
      const rows = await Array.fromAsync(table.query(partitionOf(scope)));
      return { resources: new Map(rows.flatMap(({ data }) => Part.parse(data).resources)), rows };
    },
    undefined,
  );

/** Of two concurrent sweeps, either set is good enough: what is missing is published once more. */
export const writeExempt = (
  table: Table,
  scope: RuleScope,
  { resources, rows }: ExemptResources,
): Promise<void> =>
  bestEffort(
    'The next sweep publishes exempt resources again',
    async () => {
      const sorted = [...resources].toSorted(([a], [b]) => (a < b ? -1 : 1));
      const parts = Math.ceil(sorted.length / RESOURCES_PER_ROW);
      const keys = Array.from({ length: parts }, (_, part) => String(part).padStart(6, '0'));
      const versions = new Map(rows.map(({ sk, version }) => [sk, version]));
      for (const [part, sk] of keys.entries()) {
        const start = part * RESOURCES_PER_ROW;
        const data = { resources: sorted.slice(start, start + RESOURCES_PER_ROW) };
        await table.put({ pk: partitionOf(scope), sk, data, expected: versions.get(sk) ?? 0 });
      }
      for (const { pk, sk, version } of rows.slice(parts)) await table.remove(pk, sk, version);
    },
    undefined,
  );

/** An item of DynamoDB holds 400 KB, and the id of a resource in AWS Config at most 768 characters. */
const RESOURCES_PER_ROW = 300;

const partitionOf = ({ accountId, region, command }: RuleScope) => `exempt#${accountId}#${region}#${command}`;
