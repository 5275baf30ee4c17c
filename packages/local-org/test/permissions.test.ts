import { describe, expect, test } from 'vitest';
import { knownOperations, requiredPermissions } from '../src/permissions/all-services.ts';
import { routesOf } from '../src/protocol/rest-services.ts';
import { call } from './call.ts';

const ARN = 'arn:aws:lambda:eu-west-1:999988887777:function:f';

test.for([
  ['s3:ListBuckets', {}, ['s3:ListAllMyBuckets *']],
  ['s3:HeadBucket', { Bucket: 'b' }, ['s3:ListBucket arn:aws:s3:::b']],
  ['s3:GetBucketEncryption', { Bucket: 'b' }, ['s3:GetEncryptionConfiguration arn:aws:s3:::b']],
  ['s3:GetPublicAccessBlock', { Bucket: 'b' }, ['s3:GetBucketPublicAccessBlock arn:aws:s3:::b']],
  ['s3-control:GetPublicAccessBlock', {}, ['s3:GetAccountPublicAccessBlock *']],
  ['s3:GetObject', { Bucket: 'b', Key: 'k/l' }, ['s3:GetObject arn:aws:s3:::b/k/l']],
  ['s3:GetObject', { Bucket: 'b', Key: 'k', VersionId: '1' }, ['s3:GetObjectVersion arn:aws:s3:::b/k']],
  [
    's3:CopyObject',
    { Bucket: 'b', Key: 'k', CopySource: '/a/x%20y' },
    ['s3:PutObject arn:aws:s3:::b/k', 's3:GetObject arn:aws:s3:::a/x y'],
  ],
  ['ec2:DescribeVpcs', {}, ['ec2:DescribeVpcs *']],
  [
    'ec2:RevokeSecurityGroupIngress',
    { GroupId: 'sg-1' },
    ['ec2:RevokeSecurityGroupIngress arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1'],
  ],
  [
    'ec2:CreateFlowLogs',
    {
      ResourceType: 'VPC',
      ResourceId: ['vpc-1'],
      LogDestinationType: 's3',
      DeliverLogsPermissionArn: 'arn:aws:iam::111122223333:role/r',
    },
    [
      'ec2:CreateFlowLogs arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/*',
      'ec2:CreateFlowLogs arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1',
      'logs:CreateLogDelivery *',
      'iam:PassRole arn:aws:iam::111122223333:role/r',
    ],
  ],
  [
    'ec2:DeleteFlowLogs',
    { FlowLogId: ['fl-1', 'fl-2'] },
    [
      'ec2:DeleteFlowLogs arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/fl-1',
      'ec2:DeleteFlowLogs arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/fl-2',
    ],
  ],
  ['iam:ListAccessKeys', { UserName: 'ann' }, ['iam:ListAccessKeys arn:aws:iam::111122223333:user/ann']],
  ['iam:GetAccountPasswordPolicy', {}, ['iam:GetAccountPasswordPolicy *']],
  [
    'cloudtrail:StartLogging',
    { Name: 't' },
    ['cloudtrail:StartLogging arn:aws:cloudtrail:eu-west-1:111122223333:trail/t'],
  ],
  [
    'cloudtrail:GetEventSelectors',
    { TrailName: 't' },
    ['cloudtrail:GetEventSelectors arn:aws:cloudtrail:eu-west-1:111122223333:trail/t'],
  ],
  [
    'logs:PutLogEvents',
    { logGroupName: '/g', logStreamName: 's' },
    ['logs:PutLogEvents arn:aws:logs:eu-west-1:111122223333:log-group:/g:log-stream:s'],
  ],
  [
    'sns:Publish',
    { TopicArn: 'arn:aws:sns:eu-west-1:111122223333:t' },
    ['sns:Publish arn:aws:sns:eu-west-1:111122223333:t'],
  ],
  [
    'dynamodb:Query',
    { TableName: 't', IndexName: 'i' },
    ['dynamodb:Query arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/i'],
  ],
  [
    'dynamodb:TransactWriteItems',
    { TransactItems: [{ Put: { TableName: 't' } }, { ConditionCheck: { TableName: 't' } }] },
    [
      'dynamodb:PutItem arn:aws:dynamodb:eu-west-1:111122223333:table/t',
      'dynamodb:ConditionCheckItem arn:aws:dynamodb:eu-west-1:111122223333:table/t',
    ],
  ],
  [
    'ssm:GetParameter',
    { Name: '/a/b' },
    ['ssm:GetParameter arn:aws:ssm:eu-west-1:111122223333:parameter/a/b'],
  ],
  ['lambda:Invoke', { FunctionName: ARN, Qualifier: 'operator' }, [`lambda:InvokeFunction ${ARN}:operator`]],
  ['config:PutEvaluations', {}, ['config:PutEvaluations *']],
] as const)('the table has the required permissions of %s with %j', ([name, input, permissions]) => {
  expect(
    requiredPermissions(call(name, input))?.map(({ action, resource }) => `${action} ${resource}`),
  ).toEqual(permissions);
});

test('the permissions of an operation outside the table are unknown', () => {
  expect(requiredPermissions(call('s3:PutBucketAnalyticsConfiguration'))).toBeUndefined();
  expect(requiredPermissions(call('s3:toString'))).toBeUndefined();
});

describe('the table', () => {
  test.for(['s3', 'lambda', 'guardduty'])('each %s operation of the table has a route', async (service) => {
    const real = new Set((await routesOf(service)).map(({ operation }) => `${service}:${operation}`));
    expect(knownOperations().filter((name) => name.startsWith(`${service}:`) && !real.has(name))).toEqual([]);
  });
  test.for([
    ['ec2', () => import('@aws-sdk/client-ec2')],
    ['iam', () => import('@aws-sdk/client-iam')],
    ['cloudtrail', () => import('@aws-sdk/client-cloudtrail')],
    ['config', () => import('@aws-sdk/client-config-service')],
    ['logs', () => import('@aws-sdk/client-cloudwatch-logs')],
    ['dynamodb', () => import('@aws-sdk/client-dynamodb')],
    ['sns', () => import('@aws-sdk/client-sns')],
    ['ssm', () => import('@aws-sdk/client-ssm')],
    ['sts', () => import('@aws-sdk/client-sts')],
  ] as const)('each %s operation of the table has a command', async ([service, load]) => {
    const commands = await load();
    const unknown = knownOperations().filter(
      (name) => name.startsWith(`${service}:`) && !(`${name.slice(service.length + 1)}Command` in commands),
    );
    expect(unknown).toEqual([]);
  });
});
