import { AccountId, parseConfigurationItem } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const accountId = AccountId.parse('111122223333');
const resource = { resourceType: 'AWS::EC2::Instance', resourceId: 'i-1' };
const context = {
  parameters: rule.parameters.parse({}),
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20'),
};

describe('the configuration item', () => {
  const itemWith = (configuration: object) =>
    rule.observe.item?.(
      parseConfigurationItem({
        awsAccountId: accountId,
        awsRegion: 'eu-west-1',
        ...resource,
        configurationItemStatus: 'OK',
        configurationItemCaptureTime: '2026-11-20T10:15:30.123Z',
        configuration: { state: { name: 'running' }, iamInstanceProfile: null, ...configuration },
      }),
    )?.facts;

  test('an item without a profile decides without a call', () => {
    expect(itemWith({})).toEqual({ terminated: false, profile: null });
  });

  test.for([
    ['with a profile, which may have no role', { iamInstanceProfile: { arn: 'arn', id: 'id' } }],
    ['recorded while the instance started', { state: { name: 'pending' } }],
    ['that does not say', { iamInstanceProfile: undefined }],
  ] as const)('an item %s gives no facts', ([, configuration]) => {
    expect(itemWith(configuration)).toBeUndefined();
  });
});

test.for([
  ['gone', 'The instance profile server is deleted, so it gives no credentials.'],
  ['recreated', 'The instance profile server was deleted and made again, so it gives no credentials.'],
  ['without-role', 'The instance profile server has no role.'],
] as const)('a profile that is %s is a violation with its name', ([problem, annotation]) => {
  expect(rule.judge({ terminated: false, profile: { name: 'server', problem } }, context)).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation,
  });
});

test.for([
  {},
  { instanceProfileName: 'server' },
  { instanceProfileRoleArn: 'arn:aws:iam::111122223333:role/server' },
])('without a profile and its role in the settings, a fix is left to a person: %j', (parameters) => {
  expect(
    rule.fix?.({
      ...context,
      parameters: rule.parameters.parse(parameters),
      resource,
      facts: { terminated: false, profile: null },
      handles: undefined,
    }),
  ).toEqual({ manual: expect.stringContaining('instanceProfileRoleArn') });
});
