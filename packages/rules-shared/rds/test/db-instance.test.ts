import { describe, expect, test } from 'vitest';

import { instanceOfAnswer, instanceOfItem } from '../src/db-instance.ts';

/** As AWS Config writes an instance: the published names, with their odd casing. */
const ITEM = {
  dBInstanceIdentifier: 'orders',
  dBInstanceArn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
  dBInstanceStatus: 'available',
  dbiResourceId: 'db-ABC',
  engine: 'postgres',
  dBClusterIdentifier: null,
  readReplicaSourceDBInstanceIdentifier: null,
  storageEncrypted: true,
  kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1',
  autoMinorVersionUpgrade: true,
  publiclyAccessible: false,
  multiAZ: false,
  vpcSecurityGroups: [{ vpcSecurityGroupId: 'sg-2' }, { vpcSecurityGroupId: 'sg-1' }],
  pendingModifiedValues: { multiAZ: true, dBInstanceClass: null, processorFeatures: [] },
};

const ORDERS = {
  resourceId: 'db-ABC',
  identifier: 'orders',
  arn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
  status: 'available',
  engine: 'postgres',
  cluster: null,
  readReplica: false,
  storageEncrypted: true,
  kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1',
  autoMinorVersionUpgrade: true,
  publiclyAccessible: false,
  multiAz: false,
  pending: { multiaz: true },
  securityGroups: ['sg-1', 'sg-2'],
};

describe('an instance in an item of AWS Config', () => {
  test('has what RDS answers, under names of another casing', () => {
    expect(instanceOfItem(ITEM)).toEqual(ORDERS);
    const answer = {
      DBInstanceIdentifier: 'orders',
      DBInstanceArn: ORDERS.arn,
      DBInstanceStatus: 'available',
      DbiResourceId: 'db-ABC',
      Engine: 'postgres',
      StorageEncrypted: true,
      KmsKeyId: ORDERS.kmsKeyId,
      AutoMinorVersionUpgrade: true,
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1' }, { VpcSecurityGroupId: 'sg-2' }],
      PendingModifiedValues: { MultiAZ: true },
    };
    expect(instanceOfAnswer(answer)).toEqual(ORDERS);
  });

  test.for(['creating', 'deleting'])('decides nothing while the instance is %s', (dBInstanceStatus) => {
    expect(instanceOfItem({ ...ITEM, dBInstanceStatus })).toBeUndefined();
  });

  test.for(['storageEncrypted', 'publiclyAccessible', 'multiAZ', 'autoMinorVersionUpgrade', 'engine'])(
    'decides nothing without %s: what is left out is not off',
    (name) => {
      expect(instanceOfItem({ ...ITEM, [name]: undefined })).toBeUndefined();
    },
  );

  test('decides nothing when the instance is deleted', () => {
    expect(instanceOfItem(null)).toBeUndefined();
  });
});

test('an instance that RDS is deleting is gone', () => {
  const answer = {
    DBInstanceIdentifier: 'orders',
    DBInstanceArn: ORDERS.arn,
    DBInstanceStatus: 'deleting',
    DbiResourceId: 'db-ABC',
    Engine: 'postgres',
  };
  expect(instanceOfAnswer(answer)).toBeUndefined();
  expect(instanceOfAnswer({ ...answer, DBInstanceStatus: 'creating' })).toMatchObject({ status: 'creating' });
});
