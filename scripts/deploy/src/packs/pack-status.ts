import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import {
  ConfigServiceClient,
  DescribeOrganizationConformancePacksCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
} from '@aws-sdk/client-config-service';

import { selectedRegions, type DeployContext } from '../context/deploy-context.ts';

/** A pack in a Region. */
export interface RegionalPack {
  readonly pack: string;
  readonly region: string;
}

/** One pack in one account and Region. */
export interface PackStatus extends RegionalPack {
  readonly accountId: string;
  /** As AWS Config says, or NOT_STARTED. */
  readonly status: string;
  readonly reason: string;
  /** When AWS Config last changed it. */
  readonly updatedAt?: Date | undefined;
}

export const isDeployed = ({ status }: PackStatus): boolean => /^(CREATE|UPDATE)_SUCCESSFUL$/.test(status);
export const isFailed = ({ status }: PackStatus): boolean => status.endsWith('_FAILED');

/** The packs that `make synth` rendered for the Regions that are meant. */
export const expectedPacks = (context: DeployContext): readonly RegionalPack[] =>
  selectedRegions(context).flatMap((region) => {
    const folder = join(context.modules, 'rollout', region, 'packs');
    // None where every rule is off.
    const files = existsSync(folder) ? readdirSync(folder) : [];
    return files.map((file) => ({ region, pack: file.replace(/\.yaml$/, '') }));
  });

/** The packs of the product wherever they are. By account: what AWS says of the whole may hang for ever. */
export const readPackStatuses = async (context: DeployContext): Promise<readonly PackStatus[]> => {
  const { masterAccountId: accountId } = context.settings.organization;
  const statuses = await Promise.all(
    selectedRegions(context).map(async (region) =>
      listStatuses(await context.client(ConfigServiceClient, { accountId, region }), region),
    ),
  );
  return statuses.flat();
};

const listStatuses = async (config: ConfigServiceClient, region: string): Promise<readonly PackStatus[]> => {
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
  return names.filter((name) => /^compliance-(regional|global)(-\d+)?$/.test(name));
};

/** A line each. */
export const formatStatuses = (statuses: readonly PackStatus[]): string =>
  statuses.length === 0
    ? 'No packs are rolled out.'
    : statuses
        .map(({ accountId, region, pack, status, reason }) =>
          [accountId, region.padEnd(14), pack.padEnd(22), status, reason].join('  ').trimEnd(),
        )
        .toSorted()
        .join('\n');
