import { change, compliant, defineRule, parseSettings, type Rule, type Settings } from '@compliance/core';
import * as z from 'zod';

export const MASTER = '999988887777';
export const WORKLOAD = '111122223333';
export const SANDBOX = '444455556666';
export const HOME = 'eu-west-1';
export const ELSEWHERE = 'us-east-1';

const aRule = (command: string, parts: Partial<Rule>): Rule =>
  defineRule<unknown, unknown>({
    command,
    title: 'Things are as they should be',
    rationale: 'Otherwise they are not.',
    severity: 'low',
    resourceType: 'AWS::S3::Bucket',
    deploy: 'every-region',
    triggers: ['change', 'schedule'],
    controls: {},
    parameters: z.object({}),
    facts: z.object({}),
    permissions: { list: [], one: [], fix: [], undo: [] },
    observe: {
      one: () => Promise.resolve(undefined),
      // oxlint-disable-next-line require-yield -- it finds nothing
      list: async function* () {
        await Promise.resolve();
      },
    },
    judge: () => compliant(),
    fix: () => change({ description: 'Fix it', risk: 'safe', steps: [] }),
    guidance: 'Do it by hand.',
    ...parts,
  });

/** One rule of each shape that matters to the wiring. */
export const someRules: readonly Rule[] = [
  aRule('S3_KEEP_VERSIONS', {
    permissions: {
      list: ['s3:ListAllMyBuckets'],
      one: ['s3:GetBucketVersioning'],
      fix: ['s3:PutBucketVersioning'],
      undo: ['s3:PutBucketVersioning'],
    },
  }),
  aRule('EC2_CLOSE_PORTS', {
    resourceType: 'AWS::EC2::SecurityGroup',
    permissions: {
      list: ['ec2:DescribeSecurityGroups'],
      one: ['ec2:DescribeSecurityGroups'],
      fix: [{ action: 'ec2:RevokeSecurityGroupIngress', resource: 'arn:*:ec2:*:*:security-group/*' }],
      undo: ['ec2:AuthorizeSecurityGroupIngress'],
    },
  }),
  aRule('IAM_ROTATE_KEYS', {
    resourceType: 'AWS::IAM::User',
    deploy: 'home-region',
    permissions: {
      list: ['iam:GetCredentialReport'],
      one: ['iam:ListAccessKeys'],
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
      one: ['iam:GetAccountPasswordPolicy'],
      fix: [],
      undo: [],
    },
  }),
];

export const ruleNamed = (command: string, parts: Partial<Rule> = {}): Rule => aRule(command, parts);

export const someSettings = (parts: Record<string, unknown> = {}, organization: object = {}): Settings =>
  parseSettings({
    organization: {
      id: 'o-exampleorg1',
      masterAccountId: MASTER,
      externalId: 'an-external-id',
      homeRegion: HOME,
      regions: [HOME, ELSEWHERE],
      ...organization,
    },
    accounts: [
      { id: WORKLOAD, name: 'workload', groups: ['production'] },
      { id: SANDBOX, name: 'sandbox', groups: ['sandbox'] },
    ],
    rules: { S3_KEEP_VERSIONS: { groups: { sandbox: { mode: 'auto' } } } },
    ...parts,
  });
