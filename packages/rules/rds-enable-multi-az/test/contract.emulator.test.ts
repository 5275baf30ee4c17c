import { CreateDBInstanceReadReplicaCommand, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { GONE_INSTANCE, cluster, instance, instanceItem, member } from '@compliance/rds/testing';

import { rule } from '../src/rule.ts';

const modify = (admin: Session, input: object) =>
  admin.client(RDSClient).send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'orders', ...input }));

/** In the maintenance window RDS applies what waits, as it does with the next change that is made at once. */
const maintenanceWindow = (_: Resource, admin: Session) => modify(admin, { ApplyImmediately: true });

const waiting = async (admin: Session) => {
  const resource = await instance({ MultiAZ: false })(admin);
  await modify(admin, { MultiAZ: true });
  return resource;
};

const readReplica = async (admin: Session) => {
  await instance({ MultiAZ: true })(admin);
  const { DBInstance } = await admin.client(RDSClient).send(
    new CreateDBInstanceReadReplicaCommand({
      DBInstanceIdentifier: 'reports',
      SourceDBInstanceIdentifier: 'orders',
    }),
  );
  return { resourceType: 'AWS::RDS::DBInstance', resourceId: DBInstance?.DbiResourceId ?? '' };
};

describeRuleContract(rule, {
  compliant: { 'an instance with a standby': instance({ MultiAZ: true }) },
  nonCompliant: {},
  settling: {
    'an instance without a standby': { seed: instance({ MultiAZ: false }), settle: maintenanceWindow },
  },
  manual: { 'an instance whose standby waits for the maintenance window': waiting },
  notApplicable: {
    'an instance of an Aurora cluster': async (admin) => {
      await cluster(['a'])(admin);
      return member('shop-1')(admin);
    },
    'a read replica': readReplica,
    'an instance of SQL Server Express': instance({ Engine: 'sqlserver-ex', EngineVersion: '16.00' }),
  },
  item: instanceItem,
  gone: GONE_INSTANCE,
});

describeRuleContract(rule, {
  parameters: { applyImmediately: true },
  compliant: { 'an instance with a standby': instance({ MultiAZ: true }) },
  nonCompliant: { 'an instance without a standby, to be built at once': instance({ MultiAZ: false }) },
  item: instanceItem,
});
