import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import {
  ConfigServiceClient,
  DescribeConformancePackStatusCommand,
  DescribeOrganizationConformancePacksCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
} from '@aws-sdk/client-config-service';

import pMap from 'p-map';

import type { Place } from '../base/access.ts';
import { selectedAccounts, selectedRegions, type DeployContext } from '../context/deploy-context.ts';

/** A conformance pack in one Region. */
export interface RegionalPack {
  readonly pack: string;
  readonly region: string;
}

/** The status of a pack in one account and Region. */
export interface PackStatus extends RegionalPack {
  readonly accountId: string;
  /** The status in AWS Config, or NOT_STARTED. */
  readonly status: string;
  readonly reason: string;
  /** When AWS Config last changed it. */
  readonly updatedAt?: Date | undefined;
}

export const isDeployed = ({ status }: PackStatus): boolean =>
  /^(CREATE|UPDATE)_(SUCCESSFUL|COMPLETE)$/.test(status);
export const isFailed = ({ status }: PackStatus): boolean => status.endsWith('_FAILED');

/** The packs that `make synth` rendered for the selected Regions. */
export const expectedPacks = (context: DeployContext): readonly RegionalPack[] =>
  selectedRegions(context).flatMap((region) => {
    const folder = join(context.modules, 'rollout', region, 'packs');
    // There is no folder when every rule is off.
    const files = existsSync(folder) ? readdirSync(folder) : [];
    return files.map((file) => ({ region, pack: file.replace(/\.yaml$/, '') }));
  });

/**
 * Reads the status of each pack account by account; AWS's status of the whole organization may never change.
 * Without an organization, each account is asked for its own packs.
 */
export const readPackStatuses = async (context: DeployContext): Promise<readonly PackStatus[]> => {
  const { masterAccountId, id } = context.settings.organization;
  const accountIds = id === undefined ? selectedAccounts(context) : [masterAccountId];
  const listStatuses = id === undefined ? listOwnStatuses : listOrganizationStatuses;
  const places = accountIds.flatMap((accountId) =>
    selectedRegions(context).map((region) => ({ accountId, region })),
  );
  const statuses = await pMap(
    places,
    async (place) => listStatuses(await context.client(ConfigServiceClient, place), place),
    { concurrency: CONCURRENCY },
  );
  return statuses.flat();
};

const CONCURRENCY = 8;

/** @see https://docs.aws.amazon.com/config/latest/APIReference/API_ConformancePackStatusDetail.html */
const listOwnStatuses = async (
  config: ConfigServiceClient,
  { accountId, region }: Place,
): Promise<readonly PackStatus[]> => {
  const statuses: PackStatus[] = [];
  let NextToken: string | undefined;
  do {
    const page = await config.send(
      new DescribeConformancePackStatusCommand({ ...(NextToken !== undefined && { NextToken }) }),
    );
    for (const pack of page.ConformancePackStatusDetails ?? [])
      statuses.push({
        pack: pack.ConformancePackName ?? '',
        region,
        accountId,
        status: pack.ConformancePackState ?? '',
        reason: pack.ConformancePackStatusReason ?? '',
        updatedAt: pack.LastUpdateCompletedTime ?? pack.LastUpdateRequestedTime,
      });
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return statuses.filter(({ pack }) => OURS.test(pack));
};

const listOrganizationStatuses = async (
  config: ConfigServiceClient,
  { region }: Place,
): Promise<readonly PackStatus[]> => {
  const statuses: PackStatus[] = [];
  for (const pack of await listPacks(config)) {
    let NextToken: string | undefined;
    do {
      const page = await config.send(
        new GetOrganizationConformancePackDetailedStatusCommand({
          OrganizationConformancePackName: pack,
          ...(NextToken !== undefined && { NextToken }),
        }),
      );
      for (const account of page.OrganizationConformancePackDetailedStatuses ?? [])
        statuses.push({
          pack,
          region,
          accountId: account.AccountId ?? '',
          status: account.Status ?? '',
          reason: account.ErrorMessage ?? '',
          updatedAt: account.LastUpdateTime,
        });
      ({ NextToken } = page);
    } while (NextToken !== undefined);
  }
  return statuses;
};

const listPacks = async (config: ConfigServiceClient): Promise<readonly string[]> => {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await config.send(
      new DescribeOrganizationConformancePacksCommand({ ...(NextToken !== undefined && { NextToken }) }),
    );
    names.push(
      ...(page.OrganizationConformancePacks ?? []).map((pack) => pack.OrganizationConformancePackName ?? ''),
    );
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return names.filter((name) => OURS.test(name));
};

const OURS = /^compliance-(regional|global)(-\d+)?$/;

/** Formats a header and one line for each status. */
export const formatStatuses = (statuses: readonly PackStatus[]): string => {
  if (statuses.length === 0) return 'No packs are rolled out.';
  const width = Math.max(...statuses.map(({ accountId }) => accountId.length));
  const rowOf = ({ accountId, region, pack, status, reason }: Omit<PackStatus, 'updatedAt'>) =>
    [accountId.padEnd(width), region.padEnd(14), pack.padEnd(22), status.padEnd(17), reason]
      .join('  ')
      .trimEnd();
  return [rowOf(HEAD), ...statuses.map(rowOf).toSorted()].join('\n');
};

const HEAD = { accountId: 'Account', region: 'Region', pack: 'Pack', status: 'Status', reason: 'Reason' };
