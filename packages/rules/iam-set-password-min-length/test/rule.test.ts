import { AccountId } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { iamSetPasswordMinLength as rule } from '../src/rule.ts';

const accountId = AccountId.parse('111122223333');
const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20'),
});

describe('judge', () => {
  test.for([
    [{ custom: true, minimumPasswordLength: 14 }, {}, 'COMPLIANT'],
    [{ custom: true, minimumPasswordLength: 128 }, {}, 'COMPLIANT'],
    [{ custom: true, minimumPasswordLength: 13 }, {}, 'NON_COMPLIANT'],
    [{ custom: false, minimumPasswordLength: 8 }, {}, 'NON_COMPLIANT'],
    [{ custom: true, minimumPasswordLength: 14 }, { minimumPasswordLength: 16 }, 'NON_COMPLIANT'],
    [{ custom: false, minimumPasswordLength: 8 }, { minimumPasswordLength: 8 }, 'COMPLIANT'],
  ] as const)('%j with %j is %s', ([facts, parameters, complianceType]) => {
    expect(rule.judge(facts, context(parameters))).toMatchObject({ complianceType });
  });

  test('the annotation names the length found and the policy it comes from', () => {
    expect(rule.judge({ custom: false, minimumPasswordLength: 8 }, context())).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation:
        'The account has no password policy; the AWS default allows passwords of 8 characters, not at least 14.',
    });
  });
});

test.for([5, 129])('a length that AWS does not accept is refused: %i', (minimumPasswordLength) => {
  expect(rule.parameters.safeParse({ minimumPasswordLength }).success).toBe(false);
});

test('a fix never lowers a length that somebody raised meanwhile', () => {
  const fix = rule.fix?.({
    ...context(),
    resource: { resourceType: 'AWS::::Account', resourceId: accountId },
    facts: { custom: true, minimumPasswordLength: 8 },
    handles: undefined,
  });
  const [step] = fix && 'steps' in fix ? fix.steps : [];
  const content = step?.type === 'edit' ? step.apply({ MinimumPasswordLength: 20 }) : undefined;
  expect(content).toEqual({ MinimumPasswordLength: 20 });
});
