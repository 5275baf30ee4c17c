import { AccountId } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { iamPreventPasswordReuse as rule } from '../src/rule.ts';

const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20'),
});

describe('judge', () => {
  test.for([
    [{ custom: true, passwordReusePrevention: 24 }, {}, 'COMPLIANT'],
    [{ custom: true, passwordReusePrevention: 23 }, {}, 'NON_COMPLIANT'],
    [{ custom: true, passwordReusePrevention: 0 }, {}, 'NON_COMPLIANT'],
    [{ custom: false, passwordReusePrevention: 0 }, { passwordReusePrevention: 1 }, 'NON_COMPLIANT'],
    [{ custom: true, passwordReusePrevention: 5 }, { passwordReusePrevention: 5 }, 'COMPLIANT'],
  ] as const)('%j with %j is %s', ([facts, parameters, complianceType]) => {
    expect(rule.judge(facts, context(parameters))).toMatchObject({ complianceType });
  });

  test('the annotation names the number of passwords found', () => {
    expect(rule.judge({ custom: true, passwordReusePrevention: 5 }, context())).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: 'The password policy refuses 5 previous passwords, not at least 24.',
    });
  });
});

test.for([0, 25])(
  'a number of passwords that AWS does not accept is refused: %i',
  (passwordReusePrevention) => {
    expect(rule.parameters.safeParse({ passwordReusePrevention }).success).toBe(false);
  },
);
