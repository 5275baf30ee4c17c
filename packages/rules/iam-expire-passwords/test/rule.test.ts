import { AccountId } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20'),
});

const policy = {
  MinimumPasswordLength: 8,
  RequireSymbols: false,
  RequireNumbers: false,
  RequireUppercaseCharacters: false,
  RequireLowercaseCharacters: false,
  AllowUsersToChangePassword: false,
  HardExpiry: false,
};

const fixOf = (parameters: object) => {
  const fix = rule.fix?.({
    ...context(parameters),
    resource: { resourceType: 'AWS::::Account', resourceId: '111122223333' },
    facts: { custom: true, maxPasswordAge: 0 },
    handles: undefined,
  });
  if (!fix || 'manual' in fix) throw new Error('Expected an automatic fix.');
  return fix;
};

/** The policy that the fix makes of a live one. */
const fixed = (live: object, parameters: object = {}) => {
  const [step] = fixOf(parameters).steps;
  return step?.type === 'edit' ? step.apply({ ...policy, ...live }) : undefined;
};

describe('judge', () => {
  test.for([
    [90, {}, undefined],
    [1, {}, undefined],
    [91, {}, 'The password policy expires passwords after 91 days, not after at most 90.'],
    [0, {}, 'The password policy never expires passwords, not after at most 90 days.'],
    [
      90,
      { maxPasswordAge: 60 },
      'The password policy expires passwords after 90 days, not after at most 60.',
    ],
    [365, { maxPasswordAge: 365 }, undefined],
  ] as const)(
    'an age of %i days with %j has the violation %j',
    ([maxPasswordAge, parameters, annotation]) => {
      expect(rule.judge({ custom: true, maxPasswordAge }, context(parameters))).toEqual(
        annotation === undefined
          ? { complianceType: 'COMPLIANT' }
          : { complianceType: 'NON_COMPLIANT', annotation },
      );
    },
  );
});

describe('fix', () => {
  test.for([
    ['an age that was absent is set', {}, {}, { MaxPasswordAge: 90 }],
    ['a longer age is lowered', { MaxPasswordAge: 365 }, {}, { MaxPasswordAge: 90 }],
    ['an age that somebody lowered meanwhile stays', { MaxPasswordAge: 30 }, {}, { MaxPasswordAge: 30 }],
    ['hard expiry is turned off', { HardExpiry: true }, {}, { MaxPasswordAge: 90, HardExpiry: false }],
    [
      'hard expiry stays on where the parameter says so',
      { HardExpiry: true },
      { hardExpiry: true },
      { MaxPasswordAge: 90, HardExpiry: true },
    ],
    [
      'hard expiry is never turned on',
      { HardExpiry: false },
      { hardExpiry: true },
      { MaxPasswordAge: 90, HardExpiry: false },
    ],
  ] as const)('%s', ([, live, parameters, changed]) => {
    expect(fixed(live, parameters)).toEqual({ ...policy, ...live, ...changed });
  });

  test('the fix is disruptive, and says what happens to users with older passwords', () => {
    expect(fixOf({})).toMatchObject({
      risk: 'disruptive',
      description: expect.stringContaining('set new ones'),
    });
    expect(fixOf({ hardExpiry: true }).description).toContain('reset by an administrator');
  });
});

test.for([0, 1096])('an age that AWS does not accept is refused: %i', (maxPasswordAge) => {
  expect(rule.parameters.safeParse({ maxPasswordAge }).success).toBe(false);
});
