import type { DBCluster as RdsCluster } from '@aws-sdk/client-rds';
import { tagsOf, type Resource, type ResourceShape } from '@compliance/core/rule';
import * as z from 'zod';

import { lowerNames } from './lower-names.ts';

export const DB_CLUSTER = 'AWS::RDS::DBCluster';

/** The id in AWS Config is the DbClusterResourceId, which does not determine the ARN: that has the identifier. */
export const DB_CLUSTER_SHAPE: ResourceShape = { tagFilter: 'rds:cluster' };

/** A database cluster, as far as the rules judge it, by RDS or by AWS Config. */
const DbCluster = z
  .object({
    dbclusterresourceid: z.string(),
    dbclusteridentifier: z.string(),
    dbclusterarn: z.string(),
    status: z.string(),
    engine: z.string(),
    multiaz: z.boolean(),
    dbclustermembers: z.array(z.object({ dbinstanceidentifier: z.string() })),
  })
  .transform((found) => ({
    resourceId: found.dbclusterresourceid,
    identifier: found.dbclusteridentifier,
    arn: found.dbclusterarn,
    status: found.status,
    engine: found.engine,
    /** Whether it has instances in several Availability Zones. */
    multiAz: found.multiaz,
    members: found.dbclustermembers.length,
  }));
export type DbCluster = z.infer<typeof DbCluster>;

/** The cluster in an item of AWS Config; `undefined` while it is created or deleted, when the item is not complete. */
export const clusterOfItem = (configuration: unknown): DbCluster | undefined => {
  const { success, data } = DbCluster.safeParse(lowerNames(configuration));
  return success && !['creating', 'deleting'].includes(data.status) ? data : undefined;
};

/** The cluster in an answer of RDS, which may leave out what is off. `undefined` while it is deleted. */
export const clusterOfAnswer = (found: RdsCluster): DbCluster | undefined => {
  const cluster = DbCluster.parse({ multiaz: false, dbclustermembers: [], ...Object(lowerNames(found)) });
  return cluster.status === 'deleting' ? undefined : cluster;
};

/** The cluster as the resource of a verdict. */
export const clusterResource = (
  { resourceId, identifier, arn }: DbCluster,
  { TagList }: RdsCluster,
): Resource => ({
  resourceType: DB_CLUSTER,
  resourceId,
  resourceName: identifier,
  arn,
  tags: tagsOf(TagList),
});
