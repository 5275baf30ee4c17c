import { expect, test } from 'vitest';

import { possibleChanges } from '../src/items/changes.ts';
import { call } from './call.ts';

const changed = (name: `${string}:${string}`, input: Record<string, unknown> = {}, body = '', status = 200) =>
  possibleChanges(call(name, input), { status, body }).map(
    ({ resourceType, key }) => `${resourceType} ${key}`,
  );

test.for([
  ['s3:PutBucketVersioning', { Bucket: 'b' }, ['AWS::S3::Bucket b']],
  ['s3:DeletePublicAccessBlock', { Bucket: 'b' }, ['AWS::S3::Bucket b']],
  ['s3:PutObject', { Bucket: 'b', Key: 'k' }, []],
  ['s3:GetBucketVersioning', { Bucket: 'b' }, []],
  ['ec2:RevokeSecurityGroupIngress', { GroupId: 'sg-1' }, ['AWS::EC2::SecurityGroup sg-1']],
  ['ec2:DescribeSecurityGroups', { GroupId: ['sg-1'] }, []],
  [
    'ec2:DeleteTags',
    { ResourceId: ['vpc-1', 'sg-1', 'i-1'] },
    ['AWS::EC2::VPC vpc-1', 'AWS::EC2::SecurityGroup sg-1', 'AWS::EC2::Instance i-1'],
  ],
  [
    'ec2:DeleteFlowLogs',
    { FlowLogId: ['fl-1', 'fl-2'] },
    ['AWS::EC2::FlowLog fl-1', 'AWS::EC2::FlowLog fl-2'],
  ],
  [
    'ec2:TerminateInstances',
    { InstanceId: ['i-1', 'i-2'] },
    ['AWS::EC2::Instance i-1', 'AWS::EC2::Instance i-2'],
  ],
  ['ec2:ModifyInstanceMetadataOptions', { InstanceId: 'i-1' }, ['AWS::EC2::Instance i-1']],
  ['ec2:ReplaceNetworkAclEntry', { NetworkAclId: 'acl-1' }, ['AWS::EC2::NetworkAcl acl-1']],
  ['ec2:DeleteRoute', { RouteTableId: 'rtb-1' }, ['AWS::EC2::RouteTable rtb-1']],
  ['iam:DeleteAccessKey', { UserName: 'alice' }, ['AWS::IAM::User alice']],
  [
    'iam:UpdateUser',
    { UserName: 'alice', NewUserName: 'bob' },
    ['AWS::IAM::User bob', 'AWS::IAM::User alice'],
  ],
  ['iam:ListAccessKeys', { UserName: 'alice' }, []],
  [
    'iam:AttachUserPolicy',
    { UserName: 'alice', PolicyArn: 'arn:aws:iam::111122223333:policy/a' },
    ['AWS::IAM::User alice', 'AWS::IAM::Policy arn:aws:iam::111122223333:policy/a'],
  ],
  [
    'iam:DetachRolePolicy',
    { RoleName: 'deploy', PolicyArn: 'arn:aws:iam::111122223333:policy/a' },
    ['AWS::IAM::Policy arn:aws:iam::111122223333:policy/a'],
  ],
  [
    'cloudtrail:StopLogging',
    { Name: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/main' },
    ['AWS::CloudTrail::Trail main'],
  ],
  ['cloudtrail:GetTrailStatus', { Name: 'main' }, []],
  [
    'elasticloadbalancing:ModifyLoadBalancerAttributes',
    { LoadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1' },
    [
      'AWS::ElasticLoadBalancingV2::LoadBalancer arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1',
    ],
  ],
  [
    'elasticloadbalancing:AddTags',
    { ResourceArns: ['arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/1'] },
    [],
  ],
  [
    'apigateway:UpdateStage',
    { restApiId: 'a1', stageName: 'prod' },
    ['AWS::ApiGateway::Stage arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod'],
  ],
  ['apigateway:CreateDeployment', { restApiId: 'a1' }, []],
  [
    'apigatewayv2:CreateStage',
    { ApiId: 'a1', stageName: '$default' },
    ['AWS::ApiGatewayV2::Stage arn:aws:apigateway:eu-west-1::/apis/a1/stages/$default'],
  ],
  [
    'apigatewayv2:DeleteAccessLogSettings',
    { ApiId: 'a1', StageName: 'prod' },
    ['AWS::ApiGatewayV2::Stage arn:aws:apigateway:eu-west-1::/apis/a1/stages/prod'],
  ],
  ['kms:PutKeyPolicy', { KeyId: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-1' }, ['AWS::KMS::Key mrk-1']],
  ['kms:ScheduleKeyDeletion', { KeyId: 'mrk-1' }, ['AWS::KMS::Key mrk-1']],
  ['kms:Decrypt', { KeyId: 'mrk-1' }, []],
  ['elasticfilesystem:PutBackupPolicy', { FileSystemId: 'fs-1' }, ['AWS::EFS::FileSystem fs-1']],
  ['elasticfilesystem:DescribeFileSystems', { FileSystemId: 'fs-1' }, []],
  ['kms:EnableKeyRotation', { KeyId: 'arn:aws:kms:eu-west-1:111122223333:key/k-1' }, ['AWS::KMS::Key k-1']],
  ['kms:Encrypt', { KeyId: 'k-1' }, []],
  [
    'rds:AddTagsToResource',
    { ResourceName: 'arn:aws:rds:eu-west-1:111122223333:cluster:shop' },
    ['AWS::RDS::DBCluster shop'],
  ],
  ['rds:AddTagsToResource', { ResourceName: 'arn:aws:rds:eu-west-1:111122223333:og:options' }, []],
] as const)('the resources that %s of %j may change are %j', ([name, input, expected]) => {
  expect(changed(name, input)).toEqual(expected);
});
test('the id of a created resource is read from the reply', () => {
  expect(changed('ec2:CreateVpc', {}, '<vpc><vpcId>vpc-0a1</vpcId></vpc>')).toEqual([
    'AWS::EC2::VPC vpc-0a1',
  ]);
  expect(changed('ec2:CreateFlowLogs', {}, '<flowLogIdSet><item>fl-0b2</item></flowLogIdSet>')).toEqual([
    'AWS::EC2::FlowLog fl-0b2',
  ]);
});
test('the reply of RDS names all that a call changed', () => {
  const member = '<DBInstanceIdentifier>shop-1</DBInstanceIdentifier>';
  const shop = `<DBCluster><DBClusterIdentifier>shop</DBClusterIdentifier>${member}</DBCluster>`;
  const both = ['AWS::RDS::DBInstance shop-1', 'AWS::RDS::DBCluster shop'];
  expect(changed('rds:ModifyDBCluster', {}, shop)).toEqual(both);
  expect(changed('rds:CreateDBInstance', {}, shop)).toEqual(both);
  expect(changed('rds:DescribeDBClusters', {}, shop)).toEqual([]);
});
test('a denied call changes nothing', () => {
  expect(changed('s3:PutBucketVersioning', { Bucket: 'b' }, '', 403)).toEqual([]);
});
