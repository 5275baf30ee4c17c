import { DescribeDBClustersCommand, RDSClient, type DBCluster } from '@aws-sdk/client-rds';

import { capitalsLowerMembers, tagList, tagMap } from './camel-case.ts';
import type { ReadContext, ResourceKind } from './resource-kind.ts';

const clusters = async ({ clients, place }: ReadContext, name?: string): Promise<readonly DBCluster[]> => {
  const { DBClusters = [] } = await clients(RDSClient, place).send(
    new DescribeDBClustersCommand(name === undefined ? {} : byName(name)),
  );
  return DBClusters;
};

/** Unlike the parameter, a filter may match nothing. */
const byName = (name: string) => ({ Filters: [{ Name: 'db-cluster-id', Values: [name] }] });

/** A database cluster: its id is the DbClusterResourceId, and its name the identifier that RDS takes. */
export const rdsCluster: ResourceKind = {
  resourceType: 'AWS::RDS::DBCluster',
  global: false,
  namedWithin: 'region',

  list: async (reader) => (await clusters(reader)).flatMap(({ DBClusterIdentifier: name }) => name ?? []),

  describe: async (reader, name) => {
    const [found] = await clusters(reader, name);
    if (found?.DbClusterResourceId === undefined) return undefined;
    // The times change every five minutes, which is no change of the configuration.
    const {
      TagList,
      AvailabilityZones = [],
      LatestRestorableTime: _,
      EarliestRestorableTime: __,
      ...configuration
    } = found;
    const tags = tagMap(TagList);
    return {
      resourceId: found.DbClusterResourceId,
      resourceName: name,
      ARN: found.DBClusterArn ?? '',
      awsRegion: reader.place.region,
      availabilityZone: 'Multiple Availability Zones',
      resourceCreationTime: found.ClusterCreateTime?.toISOString() ?? null,
      tags,
      configuration: {
        ...capitalsLowerMembers(configuration),
        availabilityZones: AvailabilityZones.map((value) => ({ value })),
      },
      supplementaryConfiguration: { Tags: tagList(tags) },
    };
  },
};
