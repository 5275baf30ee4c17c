import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { grantAction, iamAction, isImplied, policyOf, type Grant } from '../../src/aws/grant.ts';

const passRole = {
  action: 'iam:PassRole',
  resource: 'arn:aws:iam::*:role/flow-logs',
  condition: { StringEquals: { 'iam:PassedToService': 'vpc-flow-logs.amazonaws.com' } },
  implied: true,
} as const;

describe('policyOf', () => {
  test('policyOf joins grants of one resource and condition into one statement, sorted and without duplicates', () => {
    const grants: Grant[] = [
      's3:PutBucketVersioning',
      { action: 'sns:Publish', resource: ['b', 'a'] },
      's3:GetBucketVersioning',
      { action: 's3:GetBucketVersioning' },
      { action: 'sns:Subscribe', resource: ['a', 'b'] },
      passRole,
    ];
    expect(policyOf(grants)).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['s3:GetBucketVersioning', 's3:PutBucketVersioning'], Resource: ['*'] },
        { Effect: 'Allow', Action: ['sns:Publish', 'sns:Subscribe'], Resource: ['a', 'b'] },
        {
          Effect: 'Allow',
          Action: ['iam:PassRole'],
          Resource: ['arn:aws:iam::*:role/flow-logs'],
          Condition: passRole.condition,
        },
      ],
    });
  });

  test('policyOf never widens a grant: the same resource under another condition is another statement', () => {
    const bare = { action: 'iam:PassRole', resource: passRole.resource };
    expect(policyOf([passRole, bare]).Statement).toHaveLength(2);
  });

  test('policyOf allows exactly what was granted', () => {
    const action = fc.constantFrom('a:One', 'a:Two', 'b:Three');
    const resource = fc.constantFrom('*', 'x', 'y');
    const grant = fc.oneof(action, fc.record({ action, resource }));
    fc.assert(
      fc.property(fc.array(grant), (grants) => {
        const allowed = policyOf(grants).Statement.flatMap(({ Action, Resource }) =>
          Action.flatMap((one) => Resource.map((where) => `${one} ${where}`)),
        );
        const granted = grants.map((one) =>
          typeof one === 'string' ? `${one} *` : `${one.action} ${one.resource}`,
        );
        expect(allowed.toSorted()).toEqual([...new Set(granted)].toSorted());
      }),
    );
  });

  test('the policy of no grants has no statement', () => {
    expect(policyOf([]).Statement).toEqual([]);
  });
});

test('a grant has an action, and is implied or not', () => {
  expect([passRole, 's3:GetBucketVersioning'].map(grantAction)).toEqual([
    'iam:PassRole',
    's3:GetBucketVersioning',
  ]);
  expect([passRole, 's3:GetBucketVersioning', { action: 'a:B' }].map(isImplied)).toEqual([
    true,
    false,
    false,
  ]);
});

test.each([
  ['S3', 's3', 'GetBucketVersioning', 's3:GetBucketVersioning'],
  ['S3', 's3', 'ListBuckets', 's3:ListAllMyBuckets'],
  ['S3', 's3', 'GetBucketEncryption', 's3:GetEncryptionConfiguration'],
  ['S3', 's3', 'DeletePublicAccessBlock', 's3:PutBucketPublicAccessBlock'],
  ['S3', 's3', 'GetBucketLifecycleConfiguration', 's3:GetLifecycleConfiguration'],
  ['S3', 's3', 'DeleteBucketTagging', 's3:PutBucketTagging'],
  // Signs as S3 does, and needs another action.
  ['S3 Control', 's3', 'GetPublicAccessBlock', 's3:GetAccountPublicAccessBlock'],
  ['S3 Control', 's3', 'DeletePublicAccessBlock', 's3:PutAccountPublicAccessBlock'],
  ['CloudWatch', 'monitoring', 'PutMetricAlarm', 'cloudwatch:PutMetricAlarm'],
  ['Resource Groups Tagging API', 'tagging', 'GetResources', 'tag:GetResources'],
  ['Lambda', 'lambda', 'Invoke', 'lambda:InvokeFunction'],
  // Its actions are HTTP verbs.
  ['API Gateway', 'apigateway', 'GetStages', 'apigateway:GET'],
  ['ApiGatewayV2', 'apigateway', 'UpdateStage', 'apigateway:PATCH'],
  ['ApiGatewayV2', 'apigateway', 'ListPortals', 'apigateway:GET'],
])('%s (signed as %s) %s needs the IAM action %s', (serviceId, signingName, operation, action) => {
  expect(iamAction({ serviceId, signingName }, operation)).toBe(action);
});
