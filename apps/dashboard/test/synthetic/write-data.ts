import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { accountKey, OVERVIEW_KEY, unitKey, VERDICT_COLUMNS, VERDICTS_KEY } from '@compliance/dashboard-data';
import { parquetWriteBuffer } from 'hyparquet-writer';

import type { Synthetic } from './organization.ts';
import { rules } from './rules.ts';

/** Writes the files of an organization into a folder. */
export const writeData = (folder: string, { overview, units, accounts, verdicts }: Synthetic): void => {
  for (const name of ['unit', 'account']) mkdirSync(join(folder, name), { recursive: true });
  const write = (key: string, value: unknown) => writeFileSync(join(folder, key), JSON.stringify(value));
  write(OVERVIEW_KEY, overview);
  for (const [index, unit] of units.entries()) write(unitKey(index), unit);
  for (const [index, account] of accounts.entries()) write(accountKey(index), account);
  const sorted = verdicts.toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
  const columnData = VERDICT_COLUMNS.map(({ name, type }) => ({
    name,
    type,
    data: sorted.map((verdict) => {
      if (name === 'rule') return rules[verdict.rule]?.command ?? '';
      return name === 'since' ? BigInt(verdict.since) : (verdict[name] ?? '');
    }),
  }));
  writeFileSync(
    join(folder, VERDICTS_KEY),
    new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 5_000 })),
  );
};
