import { AccountClient, paginateListRegions } from '@aws-sdk/client-account';
import type { Session } from '@compliance/core';

/**
 * The Regions that the account has enabled, in the order of their names.
 * Account Management lists all Regions at once; where it refuses, or the partition lacks it, EC2 is asked.
 */
export const enabledRegions = async (session: Session): Promise<readonly string[]> => {
  const names = await listed(session).catch(() => described(session));
  return names.toSorted();
};

const listed = async (session: Session): Promise<readonly string[]> => {
  const pages = paginateListRegions(
    { client: session.client(AccountClient) },
    { RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'] },
  );
  return (await Array.fromAsync(pages)).flatMap(({ Regions = [] }) =>
    Regions.flatMap(({ RegionName }) => RegionName ?? []),
  );
};

const described = async (session: Session): Promise<readonly string[]> => {
  // The largest client of the SDK, in every thread of a scan, for what is rarely asked.
  const { DescribeRegionsCommand, EC2Client } = await import('@aws-sdk/client-ec2');
  const { Regions = [] } = await session.client(EC2Client).send(new DescribeRegionsCommand({}));
  return Regions.flatMap(({ RegionName }) => RegionName ?? []);
};
