// What the contracts of the rules seed, and how AWS Config writes it.
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  type CreateDBClusterCommandInput,
  type CreateDBInstanceCommandInput,
} from '@aws-sdk/client-rds';
import type { Resource, Session } from '@compliance/core';
import { itemOf } from '@compliance/core/testing';

import { DB_CLUSTER } from '../db-cluster.ts';
import { DB_INSTANCE } from '../db-instance.ts';

const CREDENTIALS = { MasterUsername: 'admin', MasterUserPassword: 'not-a-secret' };

/** Creates an instance, encrypted and with a tag unless `input` says otherwise. */
export const instance =
  (input: Partial<CreateDBInstanceCommandInput> = {}) =>
  async (admin: Session): Promise<Resource> => {
    const { DBInstance } = await admin.client(RDSClient).send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: 'orders',
        DBInstanceClass: 'db.t4g.medium',
        Engine: 'postgres',
        EngineVersion: '16.3',
        AllocatedStorage: 20,
        ...CREDENTIALS,
        Tags: [{ Key: 'owner', Value: 'team-a' }],
        ...input,
      }),
    );
    return { resourceType: DB_INSTANCE, resourceId: DBInstance?.DbiResourceId ?? '' };
  };

/** Creates a cluster, and in each of these zones (`a`, `b`) an instance. */
export const cluster =
  (zones: readonly string[], input: Partial<CreateDBClusterCommandInput> = {}) =>
  async (admin: Session): Promise<Resource> => {
    const { DBCluster } = await admin.client(RDSClient).send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: 'shop',
        Engine: 'aurora-postgresql',
        EngineVersion: '16.3',
        ...CREDENTIALS,
        Tags: [{ Key: 'owner', Value: 'team-a' }],
        ...input,
      }),
    );
    for (const [index, zone] of zones.entries())
      await member(`shop-${index}`, {
        Engine: input.Engine ?? 'aurora-postgresql',
        AvailabilityZone: `${admin.region}${zone}`,
      })(admin);
    return { resourceType: DB_CLUSTER, resourceId: DBCluster?.DbClusterResourceId ?? '' };
  };

/** Creates an instance of the cluster that is there. */
export const member = (name: string, input: Partial<CreateDBInstanceCommandInput> = {}) =>
  instance({
    DBInstanceIdentifier: name,
    DBClusterIdentifier: 'shop',
    Engine: 'aurora-postgresql',
    EngineVersion: undefined,
    AllocatedStorage: undefined,
    MasterUsername: undefined,
    MasterUserPassword: undefined,
    ...input,
  });

/** `dBInstanceIdentifier`, as AWS Config writes an instance. */
const firstLower = (name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
/** `dbclusterIdentifier`, as AWS Config writes a cluster. */
const capitalsLower = (name: string) => name.replace(/^[A-Z]+/, (capitals) => capitals.toLowerCase());

const renamed = (value: object, rename: (name: string) => string): Record<string, unknown> => {
  const inner = (own: unknown): unknown => {
    if (Array.isArray(own)) return own.map(inner);
    return typeof own === 'object' && own !== null && !(own instanceof Date) ? renamed(own, rename) : own;
  };
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [rename(name), inner(own)]));
};

export const instanceItem = async (resource: Resource, admin: Session) => {
  const { DBInstances = [] } = await admin.client(RDSClient).send(new DescribeDBInstancesCommand({}));
  const found = DBInstances.find(({ DbiResourceId }) => DbiResourceId === resource.resourceId);
  return itemOf(resource, admin, {
    arn: found?.DBInstanceArn ?? '',
    resourceName: found?.DBInstanceIdentifier,
    tags: found?.TagList,
    configuration: renamed({ PubliclyAccessible: false, ...found }, firstLower),
  });
};

export const clusterItem = async (resource: Resource, admin: Session) => {
  const { DBClusters = [] } = await admin.client(RDSClient).send(new DescribeDBClustersCommand({}));
  const found = DBClusters.find(({ DbClusterResourceId }) => DbClusterResourceId === resource.resourceId);
  return itemOf(resource, admin, {
    arn: found?.DBClusterArn ?? '',
    resourceName: found?.DBClusterIdentifier,
    tags: found?.TagList,
    configuration: renamed({ ...found }, capitalsLower),
  });
};

export const GONE_INSTANCE: Resource = {
  resourceType: DB_INSTANCE,
  resourceId: 'db-AAAABBBBCCCCDDDDEEEEFFFFGG',
};
export const GONE_CLUSTER: Resource = {
  resourceType: DB_CLUSTER,
  resourceId: 'cluster-AAAABBBBCCCCDDDDEEEEFFFFGG',
};
