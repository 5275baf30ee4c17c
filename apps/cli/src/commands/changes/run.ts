import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { ledgerBucket } from '@compliance/infra';
import { s3Ledger } from '@compliance/ledger';
import { commands } from '@compliance/registry';

import { identify } from '../../account/open-account.ts';
import { assertId } from '../../input/assert-id.ts';
import { didYouMean } from '../../input/read-yaml.ts';
import { masterAccess, type MasterAccess, type MasterFlags } from '../../operator/master-access.ts';
import { readInMaster } from '../../operator/read-in-master.ts';
import { stateTable } from '../../operator/state-table.ts';
import { UsageError } from '../../output/exit-codes.ts';
import { findChange, findChanges, type ListedChange, type Wanted } from './find-changes.ts';
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

export const listChanges = async ({ json, region, profile, ...wanted }: ListChangesFlags): Promise<void> => {
  requireRule(wanted.rule);
  const changes = await changesOf(await masterAccess({ region, profile }), wanted);
  if (json) process.stdout.write(`${JSON.stringify(changes, null, 2)}\n`);
  else process.stdout.write(changes.length === 0 ? none(wanted) : changes.map(changeLine).join(''));
};

export const showChange = async (id: string, { json, ...flags }: ChangesFlags): Promise<void> => {
  assertId('change', id);
  const access = await masterAccess(flags);
  const change = await readInMaster(access, () => findChange(stateTable(access), id, new Date()));
  if (!change)
    throw new UsageError(
      `There is no change ${id}. 'compliance changes list --days 30' shows those there are.`,
    );
  process.stdout.write(json ? `${JSON.stringify(change, null, 2)}\n` : describeChange(change));
};

const requireRule = (rule: string | undefined) => {
  if (rule !== undefined && !commands.includes(rule))
    throw new UsageError(
      `There is no rule ${rule}${didYouMean(rule, commands) || '.'} 'compliance rules list' shows all.`,
    );
};

const changesOf = async (access: MasterAccess, wanted: Wanted): Promise<readonly ListedChange[]> => {
  const { accountId } = await identify(new STSClient(access));
  const ledger = s3Ledger(new S3Client(access), ledgerBucket(accountId));
  return readInMaster(access, () => findChanges({ ledger, table: stateTable(access) }, wanted, new Date()));
};

const none = ({ days, account, rule, status }: Wanted): string => {
  const narrowed = [account, rule, status].some((one) => one !== undefined);
  return `No ${narrowed ? 'such ' : ''}changes in the last ${days} days; --days looks further back.\n`;
};
