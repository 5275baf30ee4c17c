import { AccountId } from '@compliance/core';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const context = {
  parameters: {},
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
};
const resource = { resourceType: 'AWS::RDS::DBInstance', resourceId: 'db-ABC' };
const handles = { identifier: 'orders', status: 'available', cluster: null };
const fixOf = (engine: string, change: object = {}) =>
  rule.fix?.({
    ...context,
    resource,
    facts: { engine, autoMinorVersionUpgrade: false },
    handles: { ...handles, ...change },
  });

test.for(['neptune', 'docdb', 'custom-oracle-ee'])(
  'an instance of the engine %s is NOT_APPLICABLE',
  (engine) => {
    expect(rule.judge({ engine, autoMinorVersionUpgrade: false }, context).complianceType).toBe(
      'NOT_APPLICABLE',
    );
  },
);

test('a fix takes the identifier that RDS wants, not the id of AWS Config, and applies nothing else', () => {
  expect(fixOf('mysql')).toMatchObject({
    risk: 'safe',
    steps: [
      {
        operation: { name: 'ModifyDBInstance' },
        input: { DBInstanceIdentifier: 'orders', AutoMinorVersionUpgrade: true },
      },
    ],
  });
  expect(JSON.stringify(fixOf('mysql'))).not.toContain('ApplyImmediately');
});

test.for([
  ['mysql', 'ModifyDBCluster'],
  ['postgres', 'ModifyDBCluster'],
  ['aurora-mysql', 'ModifyDBInstance'],
] as const)('a fix of an instance of a cluster of %s calls %s', ([engine, name]) => {
  expect(fixOf(engine, { cluster: 'shop' })).toMatchObject({ steps: [{ operation: { name } }] });
});

test.for(['stopped', 'backing-up', 'modifying'])(
  'an instance that is %s waits: RDS would refuse the change',
  (status) => {
    expect(fixOf('mysql', { status })).toEqual({ manual: expect.stringContaining(`it is ${status}`) });
  },
);
