import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { requiredPermissions } from '../src/permissions/required-permissions.ts';
import type { Call } from '../src/protocol/call.ts';
import { call } from './call.ts';

const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:999988887777:function:f';

/** The instance profiles that exist: `web` with a role, and `empty`. */
const rolesOfProfile = async (accountId: string, profile: string): Promise<readonly string[]> =>
  profile === 'web' ? [`arn:aws:iam::${accountId}:role/web-servers`] : [];

/** The permissions of a call as 'action resource'. */
const permissionsOf = async (of: Call): Promise<readonly string[]> =>
  ((await requiredPermissions(of, rolesOfProfile)) ?? []).map(({ action, resource, context }) =>
    [action, resource, ...(context ? [JSON.stringify(context)] : [])].join(' '),
  );

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
      'iam:PassRole arn:aws:iam::111122223333:role/r {"iam:passedtoservice":"vpc-flow-logs.amazonaws.com"}',
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
    'cloudtrail:UpdateTrail',
    { Name: 't', CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: '' },
    ['cloudtrail:UpdateTrail arn:aws:cloudtrail:eu-west-1:111122223333:trail/t'],
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
  [
    'lambda:Invoke',
    { FunctionName: FUNCTION_ARN, Qualifier: 'operator' },
    [`lambda:InvokeFunction ${FUNCTION_ARN}:operator`],
  ],
  ['config:PutEvaluations', {}, ['config:PutEvaluations *']],
  [
    'config:PutConfigurationRecorder',
    { ConfigurationRecorder: { roleARN: 'arn:aws:iam::111122223333:role/r' } },
    [
      'config:PutConfigurationRecorder arn:aws:config:eu-west-1:111122223333:configuration-recorder/*/*',
      'iam:PassRole arn:aws:iam::111122223333:role/r {"iam:passedtoservice":"config.amazonaws.com"}',
    ],
  ],
  [
    'account:GetContactInformation',
    {},
    ['account:GetContactInformation arn:aws:account::111122223333:account'],
  ],
  ['account:GetContactInformation', { AccountId: '222233334444' }, ['account:GetContactInformation *']],
  [
    'ec2:CreateVpcEndpoint',
    { VpcId: 'vpc-1', RouteTableId: ['rtb-1'] },
    [
      'ec2:CreateVpcEndpoint arn:aws:ec2:eu-west-1:111122223333:route-table/rtb-1',
      'ec2:CreateVpcEndpoint arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1',
      'ec2:CreateVpcEndpoint arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint/*',
    ],
  ],
  [
    'elasticloadbalancing:ModifyLoadBalancerAttributes',
    { LoadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1' },
    [
      'elasticloadbalancing:ModifyLoadBalancerAttributes arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1',
    ],
  ],
  [
    'kms:DescribeKey',
    { KeyId: 'arn:aws:kms:eu-west-1:111122223333:alias/a' },
    ['kms:DescribeKey arn:aws:kms:eu-west-1:111122223333:key/*'],
  ],
  [
    'cloudfront:UpdateDistribution',
    { Id: 'E1' },
    ['cloudfront:UpdateDistribution arn:aws:cloudfront::111122223333:distribution/E1'],
  ],
  [
    'sqs:SetQueueAttributes',
    { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/q' },
    ['sqs:SetQueueAttributes arn:aws:sqs:eu-west-1:111122223333:q'],
  ],
  ['macie2:EnableMacie', {}, ['macie2:EnableMacie *']],
] as const)('a call of %s with %j requires these permissions', async ([name, input, permissions]) => {
  expect(await permissionsOf(call(name, input))).toEqual(permissions);
});

test('an API Gateway call requires its verb on its path, in both versions of the API', async () => {
  const request = { ...call('apigateway:GetStages').request, method: 'PATCH' };
  const v1 = { ...call('apigateway:UpdateStage'), request: { ...request, path: '/restapis/a/stages/s' } };
  const v2 = { ...call('apigatewayv2:UpdateStage'), request: { ...request, path: '/v2/apis/a/stages/s' } };
  expect(await permissionsOf(v1)).toEqual([
    'apigateway:PATCH arn:aws:apigateway:eu-west-1::/restapis/a/stages/s',
  ]);
  expect(await permissionsOf(v2)).toEqual([
    'apigateway:PATCH arn:aws:apigateway:eu-west-1::/apis/a/stages/s',
  ]);
});

test('the permissions of an action that AWS does not have are unknown', async () => {
  expect(await requiredPermissions(call('s3:PutBucketColour'), rolesOfProfile)).toBeUndefined();
  expect(await requiredPermissions(call('s3:toString'), rolesOfProfile)).toBeUndefined();
  expect(await requiredPermissions(call('no-service:GetThing'), rolesOfProfile)).toBeUndefined();
});

describe('the derived permissions', () => {
  // One line per operation: its name, a call's parameters, and the permissions as they were written by hand.
  const writtenByHand = readFileSync(join(import.meta.dirname, 'fixtures', 'permissions.txt'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));

  test('equal those written by hand, except where AWS’s reference says more', async () => {
    const differing = new Map<string, readonly string[]>();
    for (const [name = '', input = '{}', permissions = ''] of writtenByHand) {
      const [service = '', operation = ''] = name.split(':');
      const derived = await permissionsOf(call(`${service}:${operation}`, JSON.parse(input)));
      if (derived.toSorted().join('; ') !== permissions.split('; ').toSorted().join('; '))
        differing.set(name, derived);
    }
    expect(Object.fromEntries(differing)).toEqual(CORRECTED);
    expect(writtenByHand).toHaveLength(328);
  });
});

const ARN = 'arn:aws:{service}:eu-west-1:111122223333:';
/** Where the table written by hand had another resource than AWS's reference: that of the reference. */
const CORRECTED_RESOURCES: Readonly<Record<string, readonly string[]>> = {
  // Their action has no resource type.
  'guardduty:GetAdministratorAccount': ['*'],
  'guardduty:ListMembers': ['*'],
  'guardduty:GetMembers': ['*'],
  'guardduty:CreateMembers': ['*'],
  'guardduty:AcceptAdministratorInvitation': ['*'],
  'guardduty:DisassociateFromAdministratorAccount': ['*'],
  'guardduty:DescribeOrganizationConfiguration': ['*'],
  'guardduty:UpdateOrganizationConfiguration': ['*'],
  // Their action has one; the call does not name the resource, so a policy must allow all of the type.
  'ec2:DescribeSnapshotAttribute': ['arn:aws:ec2:eu-west-1::snapshot/*'],
  'ec2:ModifySecurityGroupRules': [`${ARN}security-group/groupid`, `${ARN}security-group-rule/*`],
  'config:DescribeConfigurationRecorders': [`${ARN}configuration-recorder/*/*`],
  'config:DescribeConfigurationRecorderStatus': [`${ARN}configuration-recorder/*/*`],
  'config:DescribeRemediationConfigurations': [`${ARN}remediation-configuration/*`],
  'config:DescribeRemediationExecutionStatus': [`${ARN}remediation-configuration/*`],
  'config:GetOrganizationConformancePackDetailedStatus': [`${ARN}organization-conformance-pack/*`],
  'cloudwatch:DescribeAlarms': [`${ARN}alarm:*`],
  'organizations:DescribeAccount': ['arn:aws:organizations::111122223333:account/o-*/*'],
  'organizations:DescribePolicy': ['arn:aws:organizations::111122223333:policy/o-*/*/p-*'],
  'access-analyzer:CreateAnalyzer': [`${ARN}analyzer/*`],
  'securityhub:DescribeHub': [`${ARN}hub/default`],
  'securityhub:EnableSecurityHub': [`${ARN}hub/default`],
  'securityhub:DisableSecurityHub': [`${ARN}hub/default`],
  'securityhub:BatchImportFindings': [`${ARN}product/*/*`],
};

const CORRECTED = {
  ...Object.fromEntries(
    Object.entries(CORRECTED_RESOURCES).map(([name, resources]) => [
      name,
      resources.map((resource) => `${name} ${resource.replace('{service}', name.split(':')[0] ?? '')}`),
    ]),
  ),
  // An action that does not exist: s3:GetObjectAttributesVersion.
  's3:GetObjectAttributes': ['s3:GetObjectVersionAttributes arn:aws:s3:::bucket/key'],
};

describe('an instance profile', () => {
  const instance = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1';
  const passesWeb =
    'iam:PassRole arn:aws:iam::111122223333:role/web-servers {"iam:passedtoservice":"ec2.amazonaws.com"}';

  test.for([
    ['by its name', { Name: 'web' }, [passesWeb]],
    ['by its ARN', { Arn: 'arn:aws:iam::111122223333:instance-profile/path/web' }, [passesWeb]],
    ['without a role', { Name: 'empty' }, []],
  ] as const)(
    'an instance gets the role of an instance profile %s, which its caller must be allowed to pass',
    async ([, IamInstanceProfile, passed]) => {
      const input = { InstanceId: 'i-1', IamInstanceProfile };
      expect(await permissionsOf(call('ec2:AssociateIamInstanceProfile', input))).toEqual([
        `ec2:AssociateIamInstanceProfile ${instance}`,
        ...passed,
      ]);
    },
  );

  test('an instance that runs without an instance profile gets no role', async () => {
    const permissions = await permissionsOf(call('ec2:RunInstances', { ImageId: 'ami-1' }));
    expect(permissions.filter((permission) => permission.startsWith('iam:'))).toEqual([]);
  });
});
