import type { AccountId, Session, Settings } from '@compliance/core';
import {
  ASSUMED_ROLES,
  AUTOMATION_ROLE,
  EXECUTION_ROLES,
  FORWARDING_ROLE,
  KEEPER_ROLE,
  sealedLedger,
} from '@compliance/infra';
import pMap from 'p-map';

import type { Deployment } from '../model/deployment.ts';
import { mergeFragments, readOrGap, type Fragment } from './fragment.ts';
import { readDashboard } from './read-dashboard.ts';
import { readChanges, readForwarding } from './read-events.ts';
import { readFunctions } from './read-functions.ts';
import { readKeeper, readSigningKey } from './read-keeper.ts';
import { readOrganization } from './read-organization.ts';
import { readPacks } from './read-packs.ts';
import { readRecorders } from './read-recorders.ts';
import { readRoles } from './read-roles.ts';
import { readRules } from './read-rules.ts';
import { readServiceControl } from './read-service-control.ts';
import { readLogGroups, readStores } from './read-stores.ts';

export interface LiveAccess {
  /** Reads in the master account, in any Region. */
  readonly master: Session;
  /** Opens a session that reads in one account of the settings. */
  readonly member: (accountId: AccountId) => Session | Promise<Session>;
}

type ReadSettings = Pick<Settings, 'organization' | 'accounts' | 'ledger' | 'dashboard'>;

/** Accounts read in parallel. */
const ACCOUNTS_AT_ONCE = 8;

/**
 * Reads what is deployed from AWS, read-only. Each part that cannot be read is a gap, and so is an account whose
 * session cannot be opened; checks report nothing about gaps.
 */
export const readDeployment = async (
  { master, member }: LiveAccess,
  { organization, accounts, ledger, dashboard }: ReadSettings,
): Promise<Deployment> => {
  const { id, homeRegion, regions } = organization;
  const accountIds = accounts.map((account) => account.id);
  const masterFragments = await Promise.all([
    readOrGap(`The execution roles of ${master.accountId}`, () =>
      readRoles(master, 'executionRoles', Object.values(EXECUTION_ROLES)),
    ),
    readOrGap(`The stores of ${master.accountId}`, () => readStores(master.at(homeRegion))),
    readOrGap(`The event bus of ${master.accountId}`, () => readChanges(master.at(homeRegion))),
    ...readLedger(master.at(homeRegion), { ledger }),
    ...(dashboard
      ? [readOrGap(`The hosted dashboard in ${master.accountId}`, () => readDashboard(master.at(homeRegion)))]
      : []),
    ...regions.flatMap((region) => readMasterIn(master.at(region), organization)),
  ]);
  const memberFragments = await pMap(
    accountIds,
    (accountId) => readMember(() => member(accountId), accountId, regions),
    { concurrency: ACCOUNTS_AT_ONCE },
  );
  const organizationFragments =
    id === undefined
      ? []
      : await readOrganizationParts(master, [...new Set([master.accountId, ...accountIds])]);
  return mergeFragments(master.partition, [
    ...masterFragments,
    ...memberFragments.flat(),
    ...organizationFragments,
  ]);
};

const readOrganizationParts = async (
  master: Session,
  accountIds: readonly string[],
): Promise<readonly Fragment[]> => {
  const read = await Promise.all(readOrganization(master));
  const management = read.map(({ organization }) => organization?.managementAccountId);
  // Service control policies do not apply to the management account.
  const restricted = accountIds.filter((id) => !management.includes(id));
  return [...read, ...(await readServiceControl(master, restricted))];
};

/** The parts that are there only where the ledger is sealed. */
const readLedger = (home: Session, settings: Pick<Settings, 'ledger'>): readonly Promise<Fragment>[] => {
  const ledger = sealedLedger(settings);
  if (!ledger) return [];
  return [
    readOrGap(`The keeper in ${home.accountId}`, () => readKeeper(home)),
    readOrGap(`The execution role of the keeper in ${home.accountId}`, () =>
      readRoles(home, 'executionRoles', [KEEPER_ROLE]),
    ),
    readOrGap(`The key ${ledger.signingKeyArn}`, () => readSigningKey(home, ledger.signingKeyArn)),
  ];
};

const readMasterIn = (
  session: Session,
  organization: ReadSettings['organization'],
): readonly Promise<Fragment>[] => {
  const where = `${session.accountId}, ${session.region}`;
  return [
    readOrGap(`The functions and the SSM document in ${where}`, () => readFunctions(session, organization)),
    readOrGap(`The log groups in ${where}`, () => readLogGroups(session)),
    readOrGap(`The organization's packs in ${where}`, () => readPacks(session)),
  ];
};

const readMember = async (
  open: () => Session | Promise<Session>,
  accountId: AccountId,
  regions: readonly string[],
): Promise<readonly Fragment[]> => {
  const session: { opened?: Session } = {};
  const failed = await readOrGap(`Account ${accountId}`, async () => {
    session.opened = await open();
    return {};
  });
  const { opened } = session;
  if (!opened) return [failed];
  return Promise.all([
    readOrGap(`The roles of ${accountId}`, () =>
      readRoles(opened, 'memberRoles', [...Object.values(ASSUMED_ROLES), AUTOMATION_ROLE, FORWARDING_ROLE]),
    ),
    ...regions.flatMap((region) => [
      readOrGap(`The recorder in ${accountId}, ${region}`, () => readRecorders(opened.at(region))),
      readOrGap(`The Config rules in ${accountId}, ${region}`, () => readRules(opened.at(region))),
      readOrGap(`The forwarding rules in ${accountId}, ${region}`, () => readForwarding(opened.at(region))),
    ]),
  ]);
};
