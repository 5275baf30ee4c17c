import { expect, test } from 'vitest';

import { tablePolicy } from '../src/policies/table-policy.ts';
import { MASTER } from './examples.ts';

const BREAK_GLASS = `arn:aws:iam::${MASTER}:role/emergency`;
const policy = tablePolicy({
  master: { partition: 'aws', accountId: MASTER },
  tableArn: `arn:aws:dynamodb:eu-west-1:${MASTER}:table/compliance-state`,
  breakGlass: [BREAK_GLASS],
});
const statement = (sid: string) => policy.Statement.find(({ Sid }) => Sid === sid);
const role = (name: string) => `arn:aws:iam::${MASTER}:role/${name}`;

test('the policy of the state table only denies, and denies nothing but writes of items', () => {
  for (const { Effect, Action } of policy.Statement) {
    expect(Effect).toBe('Deny');
    for (const action of Action) expect(action).toMatch(/(Item|PartiQL(Insert|Update|Delete))$/);
    expect(Action).not.toContain('dynamodb:GetItem');
  }
});

test('only the functions and the break-glass roles write, but for the rows of people and of the keeper', () => {
  expect(statement('OnlyTheFunctionsWrite')?.Condition).toEqual({
    ArnNotLike: {
      'aws:PrincipalArn': [
        role('compliance-generic-rule-execution'),
        role('compliance-generic-remediation-execution'),
        BREAK_GLASS,
      ],
    },
    'ForAnyValue:StringNotLike': {
      'dynamodb:LeadingKeys': ['outbox#settings', 'undelivered#*', 'dead-letter#*', 'keeper#*'],
    },
  });
});

test('only the remediation function and the break-glass roles write decisions and journals', () => {
  const { Condition } = statement('OnlyTheRemediationFunctionDecides') ?? {};
  expect(Condition?.['ArnNotLike']).toEqual({
    'aws:PrincipalArn': [role('compliance-generic-remediation-execution'), BREAK_GLASS],
  });
  expect(Condition?.['ForAnyValue:StringLike']?.['dynamodb:LeadingKeys']).toEqual(
    expect.arrayContaining(['decision', 'change#*', 'open#*', 'proof#*']),
  );
});

test('only the keeper and the break-glass roles write the rows of sealed hours', () => {
  expect(statement('OnlyTheKeeperRecordsHeads')?.Condition).toEqual({
    ArnNotLike: { 'aws:PrincipalArn': [role('compliance-keeper-execution'), BREAK_GLASS] },
    'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['keeper#*'] },
  });
});
