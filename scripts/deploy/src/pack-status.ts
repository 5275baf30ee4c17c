import {
  ConfigServiceClient,
  DescribeOrganizationConformancePacksCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
} from '@aws-sdk/client-config-service';

import { regionsOf, type Where } from './where.ts';

/** One pack in one account and Region. */
export interface PackStatus {
  readonly pack: string;
  readonly accountId: string;
  readonly region: string;
  readonly status: string;
  readonly reason: string;
}

/** The packs of the product wherever they are. By account: what AWS says of the whole may hang for ever. */
export const packStatuses = async (where: Where): Promise<readonly PackStatus[]> => {
  const { masterAccountId: accountId } = where.settings.organization;
  const statuses = await Promise.all(
    regionsOf(where).map(async (region) =>
      statusesIn(await where.client(ConfigServiceClient, { accountId, region }), region),
    ),
  );
  return statuses.flat();
};

const statusesIn = async (config: ConfigServiceClient, region: string): Promise<readonly PackStatus[]> => {
  const statuses: PackStatus[] = [];
  for (const pack of await ourPacks(config)) {
    let NextToken: string | undefined;
    do {
      const page = await config.send(
        new GetOrganizationConformancePackDetailedStatusCommand({
          OrganizationConformancePackName: pack,
          ...(NextToken !== undefined && { NextToken }),
        }),
      );
      for (const { AccountId, Status, ErrorMessage } of page.OrganizationConformancePackDetailedStatuses ??
        [])
        statuses.push({
          pack,
          region,
          accountId: AccountId ?? '',
          status: Status ?? '',
          reason: ErrorMessage ?? '',
        });
      ({ NextToken } = page);
    } while (NextToken !== undefined);
  }
  return statuses;
};

const ourPacks = async (config: ConfigServiceClient): Promise<readonly string[]> => {
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
export const showStatuses = (statuses: readonly PackStatus[]): string =>
  statuses.length === 0
    ? 'No packs are rolled out.'
    : statuses
        .map(({ accountId, region, pack, status, reason }) =>
          [accountId, region.padEnd(14), pack.padEnd(22), status, reason].join('  ').trimEnd(),
        )
        .toSorted()
        .join('\n');
