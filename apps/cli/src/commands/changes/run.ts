import { defined } from '@compliance/core';
import { createSkipCounter } from '@compliance/ledger';

import { assertId } from '../../input/assert-id.ts';
import { assertRule } from '../../input/unknown-rule.ts';
import { masterAccess, type MasterFlags } from '../../operator/master-access.ts';
import { openLedger, type LedgerFlags } from '../../operator/open-ledger.ts';
import { readInMaster } from '../../operator/read-in-master.ts';
import { stateTable } from '../../operator/state-table.ts';
import { UsageError } from '../../output/exit-codes.ts';
import { printJsonArray, printLines } from '../../output/print-list.ts';
import { printSkipped } from '../../output/print-skipped.ts';
import { findChange, findChanges, type ChangeFilter, type ListedChange } from './find-changes.ts';
import type { ChangeOutcome } from './outcomes.ts';
import { changeLine, describeChange } from './render.ts';

export interface ChangesFlags extends MasterFlags {
  readonly json?: true;
}

export interface ListChangesFlags extends ChangesFlags, LedgerFlags {
  readonly days: number;
  readonly account?: string;
  readonly rule?: string;
  readonly status?: ChangeOutcome;
}

export const listChanges = async ({
  json,
  region,
  profile,
  ledger,
  ...filter
}: ListChangesFlags): Promise<void> => {
  if (filter.rule !== undefined) assertRule(filter.rule);
  const changes = await readChanges(defined({ region, profile, ledger }), filter);
  if (json) printJsonArray(changes);
  else if (changes.length === 0) process.stdout.write(noChanges(filter));
  else printLines(changes, changeLine);
};

export const showChange = async (id: string, { json, ...flags }: ChangesFlags): Promise<void> => {
  assertId('change', id);
  const access = await masterAccess(flags);
  const change = await readInMaster(access, () => findChange(stateTable(access), id, new Date()));
  if (!change)
    throw new UsageError(`Change not found: ${id}. List changes with 'compliance changes list --days 30'.`);
  process.stdout.write(json ? `${JSON.stringify(change, null, 2)}\n` : describeChange(change));
};

/** A copy of a ledger has no state table beside it. */
const readChanges = async (flags: LedgerFlags, filter: ChangeFilter): Promise<readonly ListedChange[]> => {
  const skipped = createSkipCounter();
  const access = flags.ledger === undefined ? await masterAccess(flags) : undefined;
  const ledger = await openLedger(flags);
  const stores = { ledger, ...(access && { table: stateTable(access) }) };
  const find = () => findChanges(stores, filter, new Date(), skipped.onSkipped);
  const changes = await (access ? readInMaster(access, find) : find());
  printSkipped(skipped);
  return changes;
};

const noChanges = ({ days, account, rule, status }: ChangeFilter): string => {
  const isFiltered = [account, rule, status].some((value) => value !== undefined);
  return `No ${isFiltered ? 'matching ' : ''}changes in the last ${days} days. Use --days to list older ones.\n`;
};
