import { AccountId } from '@compliance/core';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

test.for([
  ['aurora-mysql', 2, true, undefined],
  ['mysql', 3, true, undefined],
  ['aurora-mysql', 1, false, 'The cluster has one instance only.'],
  ['aurora-mysql', 2, false, 'The 2 instances of the cluster are in one Availability Zone.'],
  ['aurora-postgresql', 0, false, 'The cluster has no instance.'],
  ['docdb', 1, false, 'The database belongs to DocumentDB, not to RDS.'],
  ['neptune', 1, false, 'The database belongs to Neptune, not to RDS.'],
] as const)(
  'a cluster of %s with %i instances and MultiAZ %s: %s',
  ([engine, members, multiAz, annotation]) => {
    const verdict = rule.judge(
      { engine, members, multiAz },
      {
        parameters: {},
        accountId: AccountId.parse('111122223333'),
        region: 'eu-west-1',
        partition: 'aws',
        now: new Date('2026-11-20T12:00:00Z'),
      },
    );
    expect('annotation' in verdict ? verdict.annotation : undefined).toBe(annotation);
  },
);
