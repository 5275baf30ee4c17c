import { AccountId } from '@compliance/core';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const verdict = (facts: object, parameters: object = {}) =>
  rule.judge(rule.facts.parse({ engine: 'postgres', encrypted: true, kmsKey: KEY, ...facts }), {
    parameters: rule.parameters.parse(parameters),
    accountId: AccountId.parse('111122223333'),
    region: 'eu-west-1',
    partition: 'aws',
    now: new Date('2026-11-20T12:00:00Z'),
  });

test('any key is enough, also the one that AWS manages, unless the settings name one', () => {
  expect(verdict({})).toEqual({ complianceType: 'COMPLIANT' });
  expect(verdict({}, { kmsKeyArn: KEY })).toEqual({ complianceType: 'COMPLIANT' });
  expect(verdict({}, { kmsKeyArn: KEY.replace('11111111', '99999999') })).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation:
      'The storage is encrypted with key/11111111-2222-3333-4444-555555555555, not with key/99999999-2222-3333-4444-555555555555.',
  });
});

test.for(['neptune', 'docdb'])(
  'an instance of the engine %s is NOT_APPLICABLE, encrypted or not',
  (engine) => {
    expect(verdict({ engine, encrypted: false, kmsKey: null }).complianceType).toBe('NOT_APPLICABLE');
  },
);

test('the check of encrypted connections that Prowler maps to the control is not part of it', () => {
  expect(rule.equivalents?.prowler).toEqual(['rds_instance_storage_encrypted']);
});
