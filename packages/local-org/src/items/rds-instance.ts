import { DescribeDBInstancesCommand, RDSClient, type DBInstance } from '@aws-sdk/client-rds';

import { camelCaseMembers, tagList, tagMap } from './camel-case.ts';
import type { ReadContext, ResourceKind } from './resource-kind.ts';

const instances = async ({ clients, place }: ReadContext, name?: string): Promise<readonly DBInstance[]> => {
  const { DBInstances = [] } = await clients(RDSClient, place).send(
    new DescribeDBInstancesCommand(name === undefined ? {} : byName(name)),
  );
  return DBInstances;
};

/** Unlike the parameter, a filter may match nothing. */
const byName = (name: string) => ({ Filters: [{ Name: 'db-instance-id', Values: [name] }] });

/** A database instance: its id is the DbiResourceId, and its name the identifier that RDS takes. */
export const rdsInstance: ResourceKind = {
  resourceType: 'AWS::RDS::DBInstance',
  global: false,
  namedWithin: 'region',

  list: async (reader) => (await instances(reader)).flatMap(({ DBInstanceIdentifier: name }) => name ?? []),

  describe: async (reader, name) => {
    const [found] = await instances(reader, name);
    if (found?.DbiResourceId === undefined) return undefined;
    // The time changes every five minutes, which is no change of the configuration.
    const { TagList, LatestRestorableTime: _, ...configuration } = found;
    const tags = tagMap(TagList);
    return {
      resourceId: found.DbiResourceId,
      resourceName: name,
      ARN: found.DBInstanceArn ?? '',
      awsRegion: reader.place.region,
      availabilityZone: found.AvailabilityZone ?? 'Not Applicable',
      resourceCreationTime: found.InstanceCreateTime?.toISOString() ?? null,
      tags,
      configuration: camelCaseMembers({
        PubliclyAccessible: false,
        PendingModifiedValues: {},
        ...configuration,
      }),
      supplementaryConfiguration: { Tags: tagList(tags) },
    };
  },
};
