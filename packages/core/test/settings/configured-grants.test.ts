import { describe, expect, test } from 'vitest';

import { configuredGrants, withConfiguredGrants } from '../../src/settings/configured-grants.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';

const passRole = { action: 'iam:PassRole', resource: 'arn:*:iam::*:role/*', resourceFrom: 'roleArn' };

describe('a grant whose resource a parameter names', () => {
  test('is on that resource only', () => {
    expect(configuredGrants([passRole, 's3:Get'], [{ roleArn: 'arn:aws:iam::1:role/logs' }])).toEqual([
      { action: 'iam:PassRole', resource: ['arn:aws:iam::1:role/logs'] },
      's3:Get',
    ]);
  });

  test.each([{}, { roleArn: null }, { roleArn: 7 }])('is left out with the parameters %j', (parameters) => {
    expect(configuredGrants([passRole], [parameters])).toEqual([]);
  });
});

describe('the policies of an account', () => {
  const { permissions } = exampleRule;
  const rule = { ...exampleRule, permissions: { ...permissions, fix: [...permissions.fix, passRole] } };
  const settings = parseSettings(
    settingsWith({
      accounts: [
        { id: '111122223333', name: 'prod', groups: ['prod'] },
        { id: '444455556666', name: 'test' },
      ],
      rules: {
        [rule.command]: {
          parameters: { roleArn: 'arn:{partition}:iam::{accountId}:role/logs' },
          groups: { prod: { parameters: { roleArn: 'arn:aws:iam::{accountId}:role/{region}/prod' } } },
        },
      },
    }),
  );
  const place = { accountId: '777788889999', partition: 'aws-cn' };
  const passed = (accounts: typeof settings.accounts) =>
    withConfiguredGrants([rule], { settings, accounts }, place)[0]?.permissions.fix.at(-1);

  test('name the role of each group, with the account and partition filled in and any Region', () => {
    expect(passed(settings.accounts)).toEqual({
      action: 'iam:PassRole',
      resource: ['arn:aws:iam::777788889999:role/*/prod', 'arn:aws-cn:iam::777788889999:role/logs'],
    });
  });

  test('name only the roles of the given accounts', () => {
    expect(passed(settings.accounts.slice(1))).toMatchObject({
      resource: ['arn:aws-cn:iam::777788889999:role/logs'],
    });
  });
});
