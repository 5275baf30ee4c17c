import { describe, expect, test } from 'vitest';
import { evaluatePolicy, parsePolicy, type PolicyRequest } from '../src/iam/policy.ts';

const BUCKET = 'arn:aws:s3:::photos';
const context = {
  'aws:principalaccount': '111122223333',
  'aws:principalarn': 'arn:aws:iam::111122223333:role/team/reader',
  'aws:principalorgid': 'o-abc',
  'aws:sourcearn': undefined,
  'aws:securetransport': 'true',
  'sts:externalid': undefined,
  's3:max-keys': '10',
  'aws:calledvia': ['athena.amazonaws.com', 'ssm.amazonaws.com'],
};
const request: PolicyRequest = { action: 's3:GetBucketVersioning', resource: BUCKET, context };
const decide = (statement: object, overrides: Partial<PolicyRequest> = {}): string =>
  evaluatePolicy([parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }))], {
    ...request,
    ...overrides,
  });
const allow = { Effect: 'Allow', Action: 's3:GetBucketVersioning', Resource: '*' };

describe('actions and resources', () => {
  test.for([
    ['a named action is allowed', allow, 'allowed'],
    ['action names ignore case', { ...allow, Action: 'S3:getbucketversioning' }, 'allowed'],
    ['* stands for any text', { ...allow, Action: ['ec2:*', 's3:Get*'] }, 'allowed'],
    ['? stands for one character', { ...allow, Action: 's3:GetBucketVersionin?' }, 'allowed'],
    ['another action is not allowed', { ...allow, Action: 's3:GetBucketPolicy' }, 'implicitly-denied'],
    ['NotAction excludes', { Effect: 'Allow', NotAction: 's3:Get*', Resource: '*' }, 'implicitly-denied'],
    ['NotAction leaves the rest', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, 'allowed'],
    ['a named resource is allowed', { ...allow, Resource: BUCKET }, 'allowed'],
    ['a dot is a dot', { ...allow, Resource: 'arn:aws:s3:::ph.tos' }, 'implicitly-denied'],
    ['resources respect case', { ...allow, Resource: 'arn:aws:s3:::Photos' }, 'implicitly-denied'],
    [
      'NotResource excludes',
      { Effect: 'Allow', Action: '*', NotResource: `${BUCKET}*` },
      'implicitly-denied',
    ],
    ['an explicit deny wins', [allow, { ...allow, Effect: 'Deny' }], 'explicitly-denied'],
    [
      'a deny of something else does not matter',
      [allow, { ...allow, Effect: 'Deny', Resource: 'x' }],
      'allowed',
    ],
    ['no statement refuses', [], 'implicitly-denied'],
    [
      'a variable is filled in',
      { ...allow, Resource: 'arn:aws:s3:::${aws:PrincipalAccount}-x' },
      'implicitly-denied',
    ],
  ] as const)('%s', ([, statement, decision]) => {
    expect(decide(statement)).toBe(decision);
  });

  test('a variable stands for its value', () => {
    const statement = { ...allow, Resource: 'arn:aws:s3:::log-${aws:PrincipalAccount}' };
    expect(decide(statement, { resource: 'arn:aws:s3:::log-111122223333' })).toBe('allowed');
  });
  test('a variable without value matches nothing', () => {
    expect(decide({ ...allow, Resource: 'arn:aws:s3:::photos${sts:ExternalId}' })).toBe('implicitly-denied');
  });
});

describe('conditions', () => {
  test.for([
    ['StringEquals', { StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } }, true],
    ['StringEquals of another value', { StringEquals: { 'aws:PrincipalOrgID': 'o-x' } }, false],
    [
      'StringEquals of one of several values',
      { StringEquals: { 'aws:PrincipalOrgID': ['o-x', 'o-abc'] } },
      true,
    ],
    ['StringEquals of an absent key', { StringEquals: { 'sts:ExternalId': 'secret' } }, false],
    ['StringEqualsIfExists of an absent key', { StringEqualsIfExists: { 'sts:ExternalId': 'secret' } }, true],
    ['StringNotEquals of an absent key', { StringNotEquals: { 'sts:ExternalId': 'secret' } }, true],
    ['StringNotEquals of the value', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abc' } }, false],
    ['StringLike', { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/team/*' } }, true],
    ['ArnEquals', { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/team/reader' } }, true],
    ['ArnLike', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } }, true],
    [
      'ArnLike keeps the parts of an ARN apart',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam:*:role/*' } },
      false,
    ],
    ['ArnNotLike', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } }, false],
    ['Bool', { Bool: { 'aws:SecureTransport': true } }, true],
    ['Bool false', { Bool: { 'aws:SecureTransport': 'false' } }, false],
    ['NumericLessThanEquals', { NumericLessThanEquals: { 's3:max-keys': 10 } }, true],
    ['NumericLessThanEquals of less', { NumericLessThanEquals: { 's3:max-keys': 9 } }, false],
    ['Null of an absent key', { Null: { 'sts:ExternalId': 'true' } }, true],
    ['Null of a present key', { Null: { 'aws:PrincipalArn': 'true' } }, false],
    ['ForAnyValue', { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'ssm.amazonaws.com' } }, true],
    ['ForAnyValue of an absent key', { 'ForAnyValue:StringEquals': { 'sts:ExternalId': 'x' } }, false],
    ['ForAllValues', { 'ForAllValues:StringEquals': { 'aws:CalledVia': 'ssm.amazonaws.com' } }, false],
    [
      'every key must be met',
      { StringEquals: { 'aws:PrincipalOrgID': 'o-abc', 'sts:ExternalId': 'x' } },
      false,
    ],
  ] as const)('%s', ([, Condition, met]) => {
    expect(decide({ ...allow, Condition })).toBe(met ? 'allowed' : 'implicitly-denied');
  });
});

describe('what is not known is an error that names it', () => {
  test.for([
    [
      'an operator',
      { ...allow, Condition: { IpAddress: { 'aws:PrincipalArn': 'x' } } },
      "operator 'IpAddress'",
    ],
    [
      'a condition key',
      { ...allow, Condition: { StringEquals: { 'aws:SourceVpce': 'x' } } },
      "key 'aws:SourceVpce'",
    ],
    [
      'an unknown key after one that is not met',
      { ...allow, Condition: { StringEquals: { 'sts:ExternalId': 'x', 'aws:SourceVpce': 'x' } } },
      "key 'aws:SourceVpce'",
    ],
    ['a variable', { ...allow, Resource: '${aws:Unheard}' }, "key 'aws:Unheard'"],
    ['an element', { ...allow, NotPrincipal: '*' }, 'NotPrincipal'],
    ['a principal in an identity policy', { ...allow, Principal: '*' }, 'Principal in an identity policy'],
    ['no resource', { Effect: 'Allow', Action: '*' }, 'without Resource'],
  ] as const)('%s', ([, statement, message]) => {
    expect(() => decide(statement)).toThrow(message);
  });
});

describe('resource policies', () => {
  const identity = {
    type: 'aws',
    arns: ['arn:aws:sts::111122223333:assumed-role/reader/s', 'arn:aws:iam::111122223333:role/team/reader'],
    accountId: '111122223333',
  } as const;
  test.for([
    ['the role', { AWS: 'arn:aws:iam::111122223333:role/team/reader' }, true],
    ['the session', { AWS: ['arn:aws:sts::111122223333:assumed-role/reader/s'] }, true],
    ['the account', { AWS: 'arn:aws:iam::111122223333:root' }, true],
    ['the account id', { AWS: '111122223333' }, true],
    ['everybody', '*', true],
    ['another role', { AWS: 'arn:aws:iam::111122223333:role/other' }, false],
    ['another account', { AWS: '999988887777' }, false],
    ['a service', { Service: 'config.amazonaws.com' }, false],
  ] as const)('a statement for %s', ([, Principal, applies]) => {
    expect(decide({ ...allow, Principal }, { identity })).toBe(applies ? 'allowed' : 'implicitly-denied');
  });

  test('a service is named by its principal, and * names no service', () => {
    const service = { type: 'service', name: 'config.amazonaws.com' } as const;
    expect(decide({ ...allow, Principal: { Service: 'config.amazonaws.com' } }, { identity: service })).toBe(
      'allowed',
    );
    expect(decide({ ...allow, Principal: { AWS: '*' } }, { identity: service })).toBe('implicitly-denied');
  });
});
