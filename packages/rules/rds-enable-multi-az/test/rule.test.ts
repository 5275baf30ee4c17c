import { AccountId } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const contextWith = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});
const resource = { resourceType: 'AWS::RDS::DBInstance', resourceId: 'db-ABC' };
const single = { engine: 'postgres', member: false, readReplica: false, multiAz: false, pending: false };

describe('judge', () => {
  const verdict = (facts: object) => rule.judge({ ...single, ...facts }, contextWith());

  test.for([
    [{ member: true }, 'The instance is a member of a cluster, which is judged instead.'],
    [{ readReplica: true }, 'The instance is a read replica.'],
    [{ engine: 'sqlserver-ex' }, 'SQL Server Express Edition has no Multi-AZ deployment.'],
    [{ engine: 'sqlserver-web' }, 'SQL Server Web Edition has no Multi-AZ deployment.'],
    [{ engine: 'docdb' }, 'The database belongs to DocumentDB, not to RDS.'],
  ] as const)('an instance with %j is NOT_APPLICABLE', ([facts, annotation]) => {
    expect(verdict(facts)).toEqual({ complianceType: 'NOT_APPLICABLE', annotation });
  });

  test('a standby that waits for the maintenance window is not there yet', () => {
    expect(verdict({ pending: true })).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: 'The instance is in one Availability Zone. Multi-AZ waits for the maintenance window.',
    });
  });
});

describe('fix', () => {
  const fixOf = (parameters: object, alsoPending: string[] = [], facts = single, status = 'available') =>
    rule.fix?.({
      ...contextWith(parameters),
      resource,
      facts,
      handles: { identifier: 'orders', status, cluster: null, alsoPending },
    });

  test('no second change is sent while one waits for the maintenance window', () => {
    expect(fixOf({}, [], { ...single, pending: true })).toEqual({
      manual: expect.stringContaining('orders'),
    });
  });

  test('the standby is built in the maintenance window unless the settings say at once', () => {
    expect(fixOf({})).toMatchObject({
      risk: 'disruptive',
      steps: [{ input: { DBInstanceIdentifier: 'orders', MultiAZ: true } }],
      effectiveAfter: { manual: expect.stringContaining('maintenance window') },
    });
    expect(fixOf({ applyImmediately: true })).toMatchObject({
      steps: [{ input: { MultiAZ: true, ApplyImmediately: true } }],
      effectiveAfter: { seconds: 3600 },
    });
  });

  test('a change at once would apply what else waits, so neither a fix nor its undo is one then', () => {
    expect(fixOf({ applyImmediately: true }, ['engineversion'])).toEqual({
      manual: expect.stringContaining('engineversion'),
    });
    expect(JSON.stringify(fixOf({}, ['engineversion']))).not.toContain('ApplyImmediately');
  });

  test('an instance that is stopped waits: RDS would refuse the change', () => {
    expect(fixOf({}, [], single, 'stopped')).toEqual({ manual: expect.stringContaining('it is stopped') });
  });
});
