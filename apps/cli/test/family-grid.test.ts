import { stripVTControlCharacters } from 'node:util';

import { expect, test } from 'vitest';

import { drawFamilyGrid, familiesByCommand } from '../src/demo/family-grid.ts';

const bucket = { resourceType: 'AWS::S3::Bucket' };
const account = { resourceType: 'AWS::::Account' };

test('a rule belongs to the family that it shares with others, otherwise to the service of its resources', () => {
  const families = familiesByCommand([
    { command: 'IAM_REQUIRE_PASSWORD_NUMBER', ...account },
    { command: 'IAM_REQUIRE_PASSWORD_SYMBOL', ...account },
    { command: 'CLOUDTRAIL_BLOCK_PUBLIC_LOG_BUCKET', ...bucket },
    { command: 'CLOUDTRAIL_ENABLE_LOG_BUCKET_ACCESS_LOGGING', ...bucket },
    { command: 'IAM_REMOVE_FULL_ADMIN_POLICIES', resourceType: 'AWS::IAM::Policy' },
    { command: 'S3_ENABLE_VERSIONING', ...bucket },
    { command: 'ACCESSANALYZER_ENABLE_EXTERNAL_ACCESS', ...account },
  ]);
  expect(Object.fromEntries(families)).toEqual({
    IAM_REQUIRE_PASSWORD_NUMBER: 'iam-password-policy',
    IAM_REQUIRE_PASSWORD_SYMBOL: 'iam-password-policy',
    CLOUDTRAIL_BLOCK_PUBLIC_LOG_BUCKET: 'trails',
    CLOUDTRAIL_ENABLE_LOG_BUCKET_ACCESS_LOGGING: 'trails',
    IAM_REMOVE_FULL_ADMIN_POLICIES: 'iam',
    S3_ENABLE_VERSIONING: 's3',
    ACCESSANALYZER_ENABLE_EXTERNAL_ACCESS: 'account',
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
