import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { ledgerBucket } from '@compliance/infra';
import { createSkipCounter, s3Ledger } from '@compliance/ledger';

import { identify } from '../../account/open-account.ts';
import { assertId } from '../../input/assert-id.ts';
import { assertRule } from '../../input/unknown-rule.ts';
import { masterAccess, type MasterAccess, type MasterFlags } from '../../operator/master-access.ts';
import { readInMaster } from '../../operator/read-in-master.ts';
import { stateTable } from '../../operator/state-table.ts';
import { UsageError } from '../../output/exit-codes.ts';
import { printSkipped } from '../../output/print-skipped.ts';
import { findChange, findChanges, type ChangeFilter, type ListedChange } from './find-changes.ts';
import type { ChangeOutcome } from './outcomes.ts';
import { changeLine, describeChange } from './render.ts';

export interface ChangesFlags extends MasterFlags {
  readonly json?: true;
}

export interface ListChangesFlags extends ChangesFlags {
  readonly days: number;
  readonly account?: string;
  readonly rule?: string;
  readonly status?: ChangeOutcome;
}

export const listChanges = async ({ json, region, profile, ...filter }: ListChangesFlags): Promise<void> => {
  if (filter.rule !== undefined) assertRule(filter.rule);
  const changes = await readChanges(await masterAccess({ region, profile }), filter);
  if (json) process.stdout.write(`${JSON.stringify(changes, null, 2)}\n`);
  else process.stdout.write(changes.length === 0 ? noChanges(filter) : changes.map(changeLine).join(''));
};

export const showChange = async (id: string, { json, ...flags }: ChangesFlags): Promise<void> => {
  assertId('change', id);
  const access = await masterAccess(flags);
  const change = await readInMaster(access, () => findChange(stateTable(access), id, new Date()));
  if (!change)
    throw new UsageError(`Change not found: ${id}. List changes with 'compliance changes list --days 30'.`);
  process.stdout.write(json ? `${JSON.stringify(change, null, 2)}\n` : describeChange(change));
};

const readChanges = async (access: MasterAccess, filter: ChangeFilter): Promise<readonly ListedChange[]> => {
  const { accountId } = await identify(new STSClient(access));
  const ledger = s3Ledger(new S3Client(access), ledgerBucket(accountId));
  const skipped = createSkipCounter();
  const changes = await readInMaster(access, () =>
    findChanges({ ledger, table: stateTable(access) }, filter, new Date(), skipped.onSkipped),
  );
  printSkipped(skipped);
  return changes;
};

const noChanges = ({ days, account, rule, status }: ChangeFilter): string => {
  const isFiltered = [account, rule, status].some((value) => value !== undefined);
  return `No ${isFiltered ? 'matching ' : ''}changes in the last ${days} days. Use --days to list older ones.\n`;
};
