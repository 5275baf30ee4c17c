import { AccountId } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { passwordPolicy } from '../src/password-policy.ts';
import { requireCharacters } from '../src/require-characters.ts';

const accountId = AccountId.parse('111122223333');
const context = {
  parameters: {},
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20'),
};

describe.for([
  ['RequireUppercaseCharacters', 'an uppercase letter'],
  ['RequireLowercaseCharacters', 'a lowercase letter'],
  ['RequireSymbols', 'a symbol'],
  ['RequireNumbers', 'a digit'],
] as const)('%s', ([member, character]) => {
  const rule = requireCharacters({
    command: 'EXAMPLE_RULE',
    character,
    member,
    terraform: 'example',
    controls: {},
    equivalents: {},
  });

  const applyTo = (custom: boolean) => {
    const fix = rule.fix?.({
      ...context,
      resource: { resourceType: 'AWS::::Account', resourceId: accountId },
      facts: { custom, required: false },
      handles: undefined,
    });
    const [step] = fix && 'steps' in fix ? fix.steps : [];
    return step?.type === 'edit' ? step.apply(passwordPolicy.defaults) : undefined;
  };

  test.for([
    [{ custom: true, required: true }, undefined],
    [{ custom: true, required: false }, `The password policy does not require ${character}.`],
    [
      { custom: false, required: false },
      `The account has no password policy; the AWS default does not require ${character}.`,
    ],
  ] as const)(`${character}: %j has the violation %j`, ([facts, annotation]) => {
    expect(rule.judge(facts, context)).toEqual(
      annotation === undefined
        ? { complianceType: 'COMPLIANT' }
        : { complianceType: 'NON_COMPLIANT', annotation },
    );
  });

  test(`requiring ${character} in an account’s own policy changes nothing else`, () => {
    expect(applyTo(true)).toEqual({ ...passwordPolicy.defaults, [member]: true });
  });

  test(`the first policy that requires ${character} allows no password that the AWS default refuses`, () => {
    expect(applyTo(false)).toEqual({
      ...passwordPolicy.defaults,
      RequireUppercaseCharacters: true,
      RequireLowercaseCharacters: true,
      RequireNumbers: true,
      [member]: true,
    });
  });
});
