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
const handles = {
  identifier: 'orders',
  status: 'available',
  cluster: null,
  securityGroups: ['sg-1', 'sg-2'],
};
const fixOf = (change: object = {}, engine = 'postgres') =>
  rule.fix?.({
    ...context,
    resource,
    facts: { engine, publiclyAccessible: true },
    handles: { ...handles, ...change },
  });

test('the switch alone decides, whatever the security groups admit', () => {
  expect(rule.judge({ engine: 'postgres', publiclyAccessible: true }, context)).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation: 'Public accessibility is on.',
  });
});

test.for(['neptune', 'docdb'])('an instance of the engine %s is NOT_APPLICABLE', (engine) => {
  expect(rule.judge({ engine, publiclyAccessible: true }, context).complianceType).toBe('NOT_APPLICABLE');
});

test('a plan names the security groups that decide who loses access, and applies nothing else', () => {
  expect(fixOf()).toMatchObject({
    description:
      'Turn off public access of orders: clients outside of the VPC (security groups sg-1, sg-2) lose it',
    risk: 'disruptive',
    steps: [{ input: { DBInstanceIdentifier: 'orders', PubliclyAccessible: false } }],
  });
  expect(JSON.stringify(fixOf())).not.toContain('ApplyImmediately');
});

test('an instance that is stopped waits: RDS would refuse the change', () => {
  expect(fixOf({ status: 'stopped' })).toEqual({ manual: expect.stringContaining('it is stopped') });
});

test('the setting of an Aurora cluster is one of each instance, that of a Multi-AZ cluster cannot be changed', () => {
  expect(fixOf({ cluster: 'shop' }, 'aurora-mysql')).toMatchObject({ risk: 'disruptive' });
  expect(fixOf({ cluster: 'shop' }, 'mysql')).toEqual({ manual: expect.stringContaining('shop') });
});
