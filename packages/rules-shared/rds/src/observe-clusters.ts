import {
  DescribeDBClustersCommand,
  paginateDescribeDBClusters,
  RDSClient,
  type DBCluster as RdsCluster,
} from '@aws-sdk/client-rds';
import type { Observation, Rule, Session } from '@compliance/core/rule';

import { clusterOfAnswer, clusterOfItem, clusterResource, type DbCluster } from './db-cluster.ts';

export const CLUSTER_PERMISSIONS = { list: ['rds:DescribeDBClusters'], get: ['rds:DescribeDBClusters'] };

/** Observes database clusters: by item without a call, by listing with one call per 100. */
export const observeClusters = <Facts>(factsOf: (cluster: DbCluster) => Facts): Rule<Facts>['observe'] => {
  const observationOf = (cluster: DbCluster): Observation<Facts> => ({
    facts: factsOf(cluster),
    identity: { resourceName: cluster.identifier, arn: cluster.arn },
  });
  return {
    item: ({ configuration }) => {
      const cluster = clusterOfItem(configuration);
      return cluster && observationOf(cluster);
    },
    get: async ({ resourceId }, { session }) => {
      const [found] = await findCluster(resourceId, session);
      const cluster = found && clusterOfAnswer(found);
      return cluster && observationOf(cluster);
    },
    list: async function* ({ session }) {
      const pages = paginateDescribeDBClusters({ client: session.client(RDSClient), pageSize: 100 }, {});
      for await (const { DBClusters = [] } of pages)
        for (const found of DBClusters) {
          const cluster = clusterOfAnswer(found);
          if (cluster) yield { resource: clusterResource(cluster, found), ...observationOf(cluster) };
        }
    },
  };
};

/** Resolves the DbClusterResourceId. @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html */
const findCluster = async (resourceId: string, session: Session): Promise<readonly RdsCluster[]> => {
  const { DBClusters = [] } = await session
    .client(RDSClient)
    .send(
      new DescribeDBClustersCommand({ Filters: [{ Name: 'db-cluster-resource-id', Values: [resourceId] }] }),
    );
  return DBClusters;
};
