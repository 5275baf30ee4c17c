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
    ['action names are case-insensitive', { ...allow, Action: 'S3:getbucketversioning' }, 'allowed'],
    ['* matches any text', { ...allow, Action: ['ec2:*', 's3:Get*'] }, 'allowed'],
    ['? matches one character', { ...allow, Action: 's3:GetBucketVersionin?' }, 'allowed'],
    ['another action is not allowed', { ...allow, Action: 's3:GetBucketPolicy' }, 'implicitly-denied'],
    [
      'an action in NotAction is not allowed',
      { Effect: 'Allow', NotAction: 's3:Get*', Resource: '*' },
      'implicitly-denied',
    ],
    [
      'an action outside NotAction is allowed',
      { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' },
      'allowed',
    ],
    ['a named resource is allowed', { ...allow, Resource: BUCKET }, 'allowed'],
    ['a dot matches only a dot', { ...allow, Resource: 'arn:aws:s3:::ph.tos' }, 'implicitly-denied'],
    ['resources are case-sensitive', { ...allow, Resource: 'arn:aws:s3:::Photos' }, 'implicitly-denied'],
    [
      'a resource in NotResource is not allowed',
      { Effect: 'Allow', Action: '*', NotResource: `${BUCKET}*` },
      'implicitly-denied',
    ],
    ['an explicit deny wins', [allow, { ...allow, Effect: 'Deny' }], 'explicitly-denied'],
    [
      'a deny of another resource has no effect',
      [allow, { ...allow, Effect: 'Deny', Resource: 'x' }],
      'allowed',
    ],
    ['a policy without statements denies', [], 'implicitly-denied'],
    [
      'a variable does not match another value',
      { ...allow, Resource: 'arn:aws:s3:::${aws:PrincipalAccount}-x' },
      'implicitly-denied',
    ],
  ] as const)('%s', ([, statement, decision]) => {
    expect(decide(statement)).toBe(decision);
  });

  test('a variable matches its value', () => {
    const statement = { ...allow, Resource: 'arn:aws:s3:::log-${aws:PrincipalAccount}' };
    expect(decide(statement, { resource: 'arn:aws:s3:::log-111122223333' })).toBe('allowed');
  });
  test('a variable without value matches nothing', () => {
    expect(decide({ ...allow, Resource: 'arn:aws:s3:::photos${sts:ExternalId}' })).toBe('implicitly-denied');
  });
});

describe('conditions', () => {
  test.for([
    ['StringEquals of the value', { StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } }, true],
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
    [
      'StringLike of a matching pattern',
      { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/team/*' } },
      true,
    ],
    [
      'ArnEquals of the value',
      { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/team/reader' } },
      true,
    ],
    ['ArnLike of a matching pattern', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } }, true],
    [
      'ArnLike with a wildcard across the parts of an ARN',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam:*:role/*' } },
      false,
    ],
    [
      'ArnNotLike of a matching pattern',
      { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } },
      false,
    ],
    ['Bool of true', { Bool: { 'aws:SecureTransport': true } }, true],
    ['Bool of false', { Bool: { 'aws:SecureTransport': 'false' } }, false],
    ['NumericLessThanEquals of the same number', { NumericLessThanEquals: { 's3:max-keys': 10 } }, true],
    ['NumericLessThanEquals of a smaller number', { NumericLessThanEquals: { 's3:max-keys': 9 } }, false],
    ['Null of an absent key', { Null: { 'sts:ExternalId': 'true' } }, true],
    ['Null of a present key', { Null: { 'aws:PrincipalArn': 'true' } }, false],
    [
      'ForAnyValue of one value',
      { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'ssm.amazonaws.com' } },
      true,
    ],
    ['ForAnyValue of an absent key', { 'ForAnyValue:StringEquals': { 'sts:ExternalId': 'x' } }, false],
    [
      'ForAllValues of one value',
      { 'ForAllValues:StringEquals': { 'aws:CalledVia': 'ssm.amazonaws.com' } },
      false,
    ],
    [
      'StringEquals of two keys, one of them absent,',
      { StringEquals: { 'aws:PrincipalOrgID': 'o-abc', 'sts:ExternalId': 'x' } },
      false,
    ],
  ] as const)('%s is met: $2', ([, Condition, met]) => {
    expect(decide({ ...allow, Condition })).toBe(met ? 'allowed' : 'implicitly-denied');
  });
});

describe('an unsupported element', () => {
  test.for([
    [
      'an unsupported operator',
      { ...allow, Condition: { IpAddress: { 'aws:PrincipalArn': 'x' } } },
      "operator 'IpAddress'",
    ],
    [
      'an unsupported condition key',
      { ...allow, Condition: { StringEquals: { 'aws:SourceVpce': 'x' } } },
      "key 'aws:SourceVpce'",
    ],
    [
      'an unsupported key after one that is not met',
      { ...allow, Condition: { StringEquals: { 'sts:ExternalId': 'x', 'aws:SourceVpce': 'x' } } },
      "key 'aws:SourceVpce'",
    ],
    ['an unsupported variable', { ...allow, Resource: '${aws:Unheard}' }, "key 'aws:Unheard'"],
    ['an unsupported element', { ...allow, NotPrincipal: '*' }, 'NotPrincipal'],
    ['a principal in an identity policy', { ...allow, Principal: '*' }, 'Principal in an identity policy'],
    ['a statement without a resource', { Effect: 'Allow', Action: '*' }, 'without Resource'],
  ] as const)('the error for %s names it', ([, statement, message]) => {
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
  ] as const)('a statement for %s applies to a role session: $2', ([, Principal, applies]) => {
    expect(decide({ ...allow, Principal }, { identity })).toBe(applies ? 'allowed' : 'implicitly-denied');
  });

  test('a statement matches a service by its principal, and AWS: * matches no service', () => {
    const service = { type: 'service', name: 'config.amazonaws.com' } as const;
    expect(decide({ ...allow, Principal: { Service: 'config.amazonaws.com' } }, { identity: service })).toBe(
      'allowed',
    );
    expect(decide({ ...allow, Principal: { AWS: '*' } }, { identity: service })).toBe('implicitly-denied');
  });
});
