import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  type DBInstance,
  type DescribeDBInstancesCommandInput,
} from '@aws-sdk/client-rds';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { observeClusters, observeInstances } from '../src/index.ts';

const found = (name: string): DBInstance => ({
  DBInstanceIdentifier: name,
  DBInstanceArn: `arn:aws:rds:eu-west-1:111122223333:db:${name}`,
  DBInstanceStatus: name === 'old' ? 'deleting' : 'available',
  DbiResourceId: `db-${name}`,
  Engine: 'postgres',
  TagList: [{ Key: 'owner', Value: 'team-a' }],
});

const observe = observeInstances(({ identifier }) => ({ facts: { identifier } }));

test('rules of one sweep share a listing, and an instance that is being deleted is not in it', async () => {
  const pages = [['a', 'old'], ['b']];
  const session = fakeSession({
    allow: ['rds:DescribeDBInstances'],
    answers: [
      on(RDSClient, DescribeDBInstancesCommand, ({ Marker = '0' }: DescribeDBInstancesCommandInput) => ({
        DBInstances: pages[Number(Marker)]?.map(found),
        Marker: Marker === '0' ? '1' : undefined,
      })),
    ],
  });
  const listed = await Array.fromAsync(observe.list({ session }));
  await Array.fromAsync(observe.list({ session }));
  expect(session.sent).toHaveLength(2);
  expect(listed.map(({ resource }) => resource)).toEqual(
    ['a', 'b'].map((name) => ({
      resourceType: 'AWS::RDS::DBInstance',
      resourceId: `db-${name}`,
      resourceName: name,
      arn: `arn:aws:rds:eu-west-1:111122223333:db:${name}`,
      tags: { owner: 'team-a' },
    })),
  );
});

test('the id of AWS Config is resolved to the identifier that RDS takes', async () => {
  const session = fakeSession({
    allow: ['rds:DescribeDBInstances'],
    answers: [on(RDSClient, DescribeDBInstancesCommand, () => ({ DBInstances: [found('orders')] }))],
  });
  const resource = { resourceType: 'AWS::RDS::DBInstance', resourceId: 'db-orders' };
  await expect(observe.get(resource, { session })).resolves.toEqual({
    facts: { identifier: 'orders' },
    identity: { resourceName: 'orders', arn: 'arn:aws:rds:eu-west-1:111122223333:db:orders' },
  });
  expect(session.sent[0]?.input).toEqual({ Filters: [{ Name: 'dbi-resource-id', Values: ['db-orders'] }] });
});

test('a cluster that is being deleted is gone, and is not listed', async () => {
  const session = fakeSession({
    allow: ['rds:DescribeDBClusters'],
    answers: [
      on(RDSClient, DescribeDBClustersCommand, () => ({
        DBClusters: [
          {
            DbClusterResourceId: 'cluster-A',
            DBClusterIdentifier: 'shop',
            DBClusterArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:shop',
            Status: 'deleting',
            Engine: 'aurora-mysql',
          },
        ],
      })),
    ],
  });
  const clusters = observeClusters(({ identifier }) => ({ identifier }));
  const resource = { resourceType: 'AWS::RDS::DBCluster', resourceId: 'cluster-A' };
  await expect(clusters.get(resource, { session })).resolves.toBeUndefined();
  await expect(Array.fromAsync(clusters.list({ session }))).resolves.toEqual([]);
});
