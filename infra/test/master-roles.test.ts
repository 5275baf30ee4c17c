import { describe, expect, test } from 'vitest';

import { DECISIVE_ROWS } from '@compliance/core';

import { masterRoles } from '../src/policies/master-roles.ts';
import { MASTER } from './examples.ts';

const { rule, remediation } = masterRoles({
  masterAccountId: MASTER,
  homeRegion: 'eu-west-1',
  partition: 'aws',
});

/** `action resource`, one line each. */
const lines = ({ policies }: typeof rule) =>
  policies
    .flatMap(({ document }) => document.Statement)
    .flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => `${action} ${resource}`)),
    )
    .toSorted();

const COMMON = [
  'dynamodb:DeleteItem arn:aws:dynamodb:eu-west-1:999988887777:table/compliance-state',
  'dynamodb:GetItem arn:aws:dynamodb:eu-west-1:999988887777:table/compliance-state',
  'dynamodb:PutItem arn:aws:dynamodb:eu-west-1:999988887777:table/compliance-state',
  'dynamodb:Query arn:aws:dynamodb:eu-west-1:999988887777:table/compliance-state',
  'dynamodb:UpdateItem arn:aws:dynamodb:eu-west-1:999988887777:table/compliance-state',
  'kms:Decrypt arn:aws:kms:eu-west-1:999988887777:key/*',
  'kms:GenerateDataKey arn:aws:kms:eu-west-1:999988887777:key/*',
  'logs:CreateLogStream arn:aws:logs:*:999988887777:log-group:/compliance/audit:*',
  'logs:PutLogEvents arn:aws:logs:*:999988887777:log-group:/compliance/audit:*',
  's3:GetObject arn:aws:s3:::compliance-settings-999988887777/*',
  's3:PutObject arn:aws:s3:::compliance-ledger-999988887777/*',
  'sns:Publish arn:aws:sns:eu-west-1:999988887777:compliance-events',
];

const ownLog = (name: string) =>
  ['CreateLogStream', 'PutLogEvents'].map(
    (action) => `logs:${action} arn:aws:logs:*:999988887777:log-group:/aws/lambda/${name}:*`,
  );

describe('the execution roles', () => {
  test('the rule function may assume the evaluate role, and not the remediate role', () => {
    expect(rule.name).toBe('compliance-generic-rule-execution');
    expect(lines(rule)).toEqual(
      [
        ...COMMON,
        ...ownLog('compliance-generic-rule'),
        'lambda:InvokeFunction arn:aws:lambda:*:999988887777:function:compliance-generic-remediation:recovery',
        'sqs:SendMessage arn:aws:sqs:*:999988887777:compliance-failures',
        'sts:AssumeRole arn:aws:iam::*:role/compliance-evaluate',
      ].toSorted(),
    );
  });
  test('the remediation function may assume the remediate role and read the stop switch', () => {
    expect(remediation.name).toBe('compliance-generic-remediation-execution');
    expect(lines(remediation)).toEqual(
      [
        ...COMMON,
        ...ownLog('compliance-generic-remediation'),
        'ssm:GetParameter arn:aws:ssm:eu-west-1:999988887777:parameter/compliance/stop',
        'sts:AssumeRole arn:aws:iam::*:role/compliance-remediate',
      ].toSorted(),
    );
  });
  test('the execution roles reach rows of the state table by their keys alone, and never list the table', () => {
    const grants = [rule, remediation].map(({ policies }) =>
      policies
        .flatMap(({ document }) => document.Statement)
        .filter(({ Action }) => Action.some((action) => action.startsWith('dynamodb:')))
        .map(({ Action, Condition }) => ({ Action, Condition })),
    );
    for (const { Action, Condition } of grants.flat()) {
      expect(Action).not.toContain('dynamodb:Scan');
      expect(Condition).toEqual({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': expect.any(Array) as string[] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      });
    }
    expect(grants).toHaveLength(2);
  });
  test('the rule function may write neither decisions nor journals', () => {
    const writable = rule.policies
      .flatMap(({ document }) => document.Statement)
      .filter(({ Action }) => Action.includes('dynamodb:PutItem'))
      .flatMap(({ Condition }) => Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? []);
    expect(writable).toContain('plan');
    expect(DECISIVE_ROWS.filter((row) => writable.includes(row))).toEqual([]);
  });
  test('the execution roles may use only the key of the product', () => {
    const statements = rule.policies.flatMap(({ document }) => document.Statement);
    expect(statements.find(({ Action }) => Action.includes('kms:Decrypt'))?.Condition).toEqual({
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/compliance' },
    });
  });
  test('the execution roles trust only Lambda', () => {
    for (const { trust } of [rule, remediation])
      expect(trust.Statement).toEqual([
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
      ]);
  });
});

test.each(['rule', 'remediation'] as const)(
  'the %s function assumes roles of the organization only, where one is known',
  (key) => {
    const home = { masterAccountId: MASTER, homeRegion: 'eu-west-1', partition: 'aws' };
    const conditions = (organizationId?: string) => {
      const { policies } = masterRoles({ ...home, organizationId })[key];
      return policies
        .flatMap(({ document }) => document.Statement)
        .filter(({ Action }) => Action.includes('sts:AssumeRole'))
        .map(({ Condition }) => Condition);
    };
    expect(conditions('o-abcde12345')).toEqual([{ StringEquals: { 'aws:ResourceOrgID': 'o-abcde12345' } }]);
    expect(conditions()).toEqual([undefined]);
  },
);
