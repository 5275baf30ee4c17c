import { AccountId } from '@compliance/core';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const judge = (consoleUsers: readonly string[], parameters: object = {}) =>
  rule.judge(
    { consoleUsers: [...consoleUsers] },
    {
      parameters: rule.parameters.parse(parameters),
      accountId: AccountId.parse('111122223333'),
      region: 'eu-west-1',
      partition: 'aws',
      now: new Date('2026-11-20T12:00:00.000Z'),
    },
  );

test.for([
  ['no console user', 'COMPLIANT', [], {}],
  ['a console user', 'NON_COMPLIANT', ['ann'], {}],
  ['a console user for emergencies', 'COMPLIANT', ['ann'], { allowedLocalConsoleUsers: ['ann'] }],
  [
    'a console user beside one for emergencies',
    'NON_COMPLIANT',
    ['ann', 'bob'],
    { allowedLocalConsoleUsers: ['ann'] },
  ],
  [
    'a console user in the account for identities',
    'NOT_APPLICABLE',
    ['ann'],
    { identityAccountIds: ['111122223333'] },
  ],
  ['a console user in another account', 'NON_COMPLIANT', ['ann'], { identityAccountIds: ['444455556666'] }],
] as const)('%s is %s', ([, complianceType, users, parameters]) => {
  expect(judge(users, parameters)).toMatchObject({ complianceType });
});

test('the annotation names three users and counts the others, within the limit of AWS Config', () => {
  const long = (letter: string) => letter.repeat(64);
  const verdict = judge([long('a'), long('b'), long('c'), 'd', 'e']);
  expect(verdict).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation: expect.stringMatching(
      /^IAM users have a console password: a+\.{3}a+, b+\.{3}b+, c+\.{3}c+ and 2 more\.$/,
    ),
  });
});
