import type { Rule, Settings } from '@compliance/core';
import { aRule, someSettings as plainSettings } from '@compliance/infra/testing';

export { MASTER, MEMBER as WORKLOAD, SANDBOX, aRule as ruleNamed } from '@compliance/infra/testing';
export const HOME = 'eu-west-1';
export const ELSEWHERE = 'us-east-1';

/** One rule of each kind that the checks distinguish. */
export const someRules: readonly Rule[] = [
  aRule('S3_KEEP_VERSIONS', {
    permissions: {
      list: ['s3:ListAllMyBuckets'],
      get: ['s3:GetBucketVersioning'],
      fix: ['s3:PutBucketVersioning'],
      undo: ['s3:PutBucketVersioning'],
    },
  }),
  aRule('EC2_CLOSE_PORTS', {
    resourceType: 'AWS::EC2::SecurityGroup',
    permissions: {
      list: ['ec2:DescribeSecurityGroups'],
      get: ['ec2:DescribeSecurityGroups'],
      fix: [{ action: 'ec2:RevokeSecurityGroupIngress', resource: 'arn:*:ec2:*:*:security-group/*' }],
      undo: ['ec2:AuthorizeSecurityGroupIngress'],
    },
  }),
  aRule('IAM_ROTATE_KEYS', {
    resourceType: 'AWS::IAM::User',
    deploy: 'home-region',
    permissions: {
      list: ['iam:GetCredentialReport'],
      get: ['iam:ListAccessKeys'],
      fix: ['iam:UpdateAccessKey'],
      undo: ['iam:UpdateAccessKey'],
    },
  }),
  aRule('IAM_LENGTHEN_PASSWORDS', {
    resourceType: 'AWS::::Account',
    deploy: 'home-region',
    triggers: ['schedule'],
    permissions: {
      list: ['iam:GetAccountPasswordPolicy'],
      get: ['iam:GetAccountPasswordPolicy'],
      fix: [],
      undo: [],
    },
  }),
];

/** Settings of rules about which preflight would warn: they lack a parameter, or the account that they concern. */
export const withoutWarnings = (rules: readonly Rule[]): Readonly<Record<string, { mode: string }>> =>
  Object.fromEntries(
    rules.flatMap(({ command, needs, only }) => {
      if (only !== undefined) return [[command, { mode: 'off' }]];
      return needs === undefined ? [] : [[command, { mode: 'observe' }]];
    }),
  );

/** Settings in which one rule is in mode auto in the sandbox. */
export const someSettings = (parts: Record<string, unknown> = {}, organization: object = {}): Settings =>
  plainSettings(
    { rules: { S3_KEEP_VERSIONS: { groups: { sandbox: { mode: 'auto' } } } }, ...parts },
    organization,
  );
