import { stripVTControlCharacters } from 'node:util';

import { expect, test } from 'vitest';

import { drawFamilyGrid, familiesByCommand } from '../src/demo/family-grid.ts';

const bucket = { resourceType: 'AWS::S3::Bucket' };
const account = { resourceType: 'AWS::::Account' };

test('a rule belongs to the largest family that it builds on, otherwise to the service of its resources', () => {
  const builtOn: Readonly<Record<string, readonly string[]>> = {
    FIRST_BUCKET_RULE: ['trails', 's3-bucket'],
    SECOND_BUCKET_RULE: ['s3-bucket', 'trails'],
    THIRD_BUCKET_RULE: ['s3-bucket'],
    PASSWORD_RULE: ['iam-password-policy'],
    OTHER_PASSWORD_RULE: ['iam-password-policy'],
    ONLY_RULE_OF_ITS_FAMILY: ['iam-policies'],
  };
  const families = familiesByCommand(
    [
      { command: 'FIRST_BUCKET_RULE', ...bucket },
      { command: 'SECOND_BUCKET_RULE', ...bucket },
      { command: 'THIRD_BUCKET_RULE', ...bucket },
      { command: 'PASSWORD_RULE', ...account },
      { command: 'OTHER_PASSWORD_RULE', ...account },
      { command: 'ONLY_RULE_OF_ITS_FAMILY', resourceType: 'AWS::IAM::Policy' },
      { command: 'RULE_WITHOUT_A_FAMILY', ...account },
    ],
    (command) => builtOn[command] ?? [],
  );
  expect(Object.fromEntries(families)).toEqual({
    FIRST_BUCKET_RULE: 's3-bucket',
    SECOND_BUCKET_RULE: 's3-bucket',
    THIRD_BUCKET_RULE: 's3-bucket',
    PASSWORD_RULE: 'iam-password-policy',
    OTHER_PASSWORD_RULE: 'iam-password-policy',
    ONLY_RULE_OF_ITS_FAMILY: 'iam',
    RULE_WITHOUT_A_FAMILY: 'account',
  });
});

test('the grid has a row for each family and a column for each account', () => {
  const verdict = (accountId: string, ruleName: string, complianceType: string) => ({
    accountId,
    ruleName,
    complianceType,
  });
  const grid = drawFamilyGrid(
    [
      verdict('1', 'one', 'NON_COMPLIANT'),
      verdict('1', 'two', 'NON_COMPLIANT'),
      verdict('2', 'one', 'COMPLIANT'),
    ],
    {
      accounts: [
        { id: '1', name: 'payments' },
        { id: '2', name: 'data' },
      ],
      rules: [
        { ruleName: 'one', family: 'trails' },
        { ruleName: 'two', family: 'trails' },
        { ruleName: 'three', family: 's3' },
      ],
    },
  );
  expect(stripVTControlCharacters(grid).split('\n')).toEqual([
    '                      payments      data',
    '  s3 (1 rule)                ·         ·',
    '  trails (2 rules)         2 ✗       1 ✓',
  ]);
});
