import { describe, expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { exclusionReason, managedAsCodeReason } from '../../src/settings/exclusions.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';

const place = { accountId: AccountId.parse('111122223333'), region: 'eu-west-1' };
const here = '111122223333-eu-west-1';
const settings = parseSettings(settingsWith({ exclusions: ['legacy-*', 'arn:aws:s3:::old-*'] }));

describe('exclusionReason', () => {
  test.each([
    ['AWS::S3::Bucket', `aws-controltower-logs-${here}`],
    ['AWS::S3::Bucket', `aws-controltower-s3-access-logs-${here}`],
    ['AWS::S3::Bucket', `aws-accelerator-central-logs-${here}`],
    ['AWS::S3::Bucket', `cdk-accel-assets-${here}`],
    ['AWS::S3::Bucket', `cdk-hnb659fds-assets-${here}`],
    ['AWS::S3::Bucket', 'awsconfigconforms-delivery'],
    ['AWS::EC2::SecurityGroup', 'AWSAccelerator-Endpoints'],
    ['AWS::IAM::Role', 'AWSControlTowerExecution'],
    ['AWS::IAM::Role', 'cdk-accel-deploy-role-111122223333-us-east-1'],
    ['AWS::IAM::Role', 'stacksets-exec-1a2b'],
    ['AWS::CloudTrail::Trail', 'aws-controltower-BaselineCloudTrail'],
    ['AWS::CloudFormation::Stack', 'StackSet-AWSControlTowerBP-BASELINE-CONFIG-1'],
    ['AWS::Logs::LogGroup', 'aws-controltower/CloudTrailLogs'],
    ['AWS::S3::Bucket', 'legacy-1'],
    ['AWS::EC2::VPC', 'legacy-1'],
  ])('a resource of type %s named %s is excluded', (resourceType, resourceName) => {
    expect(exclusionReason({ resourceType, resourceId: 'id', resourceName }, settings, place)).toBeDefined();
  });

  test.each([
    ['AWS::S3::Bucket', 'logs'],
    ['AWS::S3::Bucket', 'cdk-hnb659fds-evil'],
    ['AWS::S3::Bucket', 'cdk-hnb659fds-assets-444455556666-eu-west-1'],
    ['AWS::S3::Bucket', 'aws-controltower-logs'],
    ['AWS::S3::Bucket', `my-aws-controltower-logs-${here}`],
    ['AWS::S3::Bucket', 'stacksets-exec-1a2b'],
    ['AWS::EC2::SecurityGroup', 'AWSReservedSSO_x'],
    ['AWS::EC2::SecurityGroup', 'aws-controltower-x'],
    ['AWS::EC2::SecurityGroup', `cdk-hnb659fds-assets-${here}`],
    ['AWS::IAM::User', 'AWSControlTowerExecution'],
    ['AWS::IAM::Role', 'AWSReservedSSO_Admin_1'],
    ['AWS::IAM::Role', 'AWSServiceRoleForConfig'],
  ])('a resource of type %s named %s is not excluded', (resourceType, resourceName) => {
    expect(
      exclusionReason({ resourceType, resourceId: 'id', resourceName }, settings, place),
    ).toBeUndefined();
  });

  test.each([
    ['AWS::IAM::Role', 'role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig', true],
    ['AWS::IAM::Role', 'role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1', true],
    ['AWS::IAM::Role', 'role/mine/aws-service-role/x', false],
    ['AWS::IAM::User', 'user/aws-service-role/x', false],
  ])('of type %s, the path %s proves that AWS owns it: %s', (resourceType, path, owned) => {
    const resource = { resourceType, resourceId: 'id', arn: `arn:aws:iam::111122223333:${path}` };
    expect(exclusionReason(resource, settings, place) !== undefined).toBe(owned);
  });

  test('a pattern of the settings that is an ARN excludes by ARN', () => {
    const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'old-1', arn: 'arn:aws:s3:::old-1' };
    expect(exclusionReason(resource, settings, place)).toContain('arn:aws:s3:::old-*');
  });

  test('the reason of an exclusion names the pattern', () => {
    const bucket = { resourceType: 'AWS::S3::Bucket', resourceId: 'legacy-1' };
    expect(exclusionReason(bucket, settings, place)).toContain('legacy-*');
  });
});

describe('managedAsCodeReason', () => {
  test.each<[Record<string, string> | undefined, boolean]>([
    [undefined, false],
    [{}, false],
    [{ owner: 'a' }, false],
    [{ 'aws:cloudformation:stack-id': 'arn:stack' }, true],
    [{ 'aws-cloudformation-stack-id': 'arn:stack' }, false],
    [{ 'managed-by': 'terraform' }, true],
    [{ 'managed-by': 'Terraform' }, true],
    [{ ManagedBy: 'Terraform' }, true],
    [{ managed_by: 'AFT' }, true],
    [{ 'Managed By': 'OpenTofu 1.8' }, true],
    [{ 'managed-by': 'hand' }, false],
    [{ terraform: 'true' }, true],
    [{ Terraform: 'true' }, true],
    [{ TERRAFORM: 'network/live' }, true],
    [{ Terraform: 'false' }, false],
    [{ Terraform: 'No' }, false],
    [{ Terraform: '' }, false],
    [{ terraform: 'false', Terraform: 'true' }, false],
    [{ yor_trace: '1a2b' }, true],
    [{ 'services.k8s.aws/controller-version': 's3-1.0.14' }, true],
    [{ 'elbv2.k8s.aws/cluster': 'prod' }, true],
    [{ Accelerator: 'AWSAccelerator' }, true],
    [{ Stack: 'Landscape' }, true],
    [{ stack: 'none' }, false],
  ])('a resource with tags %j is managed as code: %s', (tags, left) => {
    const of = (infrastructureAsCode: object) =>
      managedAsCodeReason(
        tags ? { tags } : {},
        parseSettings(
          settingsWith({ infrastructureAsCode: { tags: { stack: 'land*' }, ...infrastructureAsCode } }),
        ),
      );
    expect(of({}) !== undefined).toBe(left);
    expect(of({ enforce: true })).toBeUndefined();
  });

  test('the reason names the tag as it is on the resource', () => {
    expect(managedAsCodeReason({ tags: { ManagedBy: 'Terraform' } }, settings)).toContain(
      'tag ManagedBy=Terraform',
    );
  });
});
