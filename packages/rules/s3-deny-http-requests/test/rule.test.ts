import { AccountId, parseConfigurationItem } from '@compliance/core';
import { fakeSession, itemOf } from '@compliance/core/testing';
import { parsePolicy } from '@compliance/policy-document';
import { describe, expect, test } from 'vitest';

import { denyHttp } from '../src/deny-http.ts';
import { httpDenialOf } from '../src/http-denial.ts';
import { rule } from '../src/rule.ts';

const ARN = 'arn:aws:s3:::logs';
const DENY = {
  Sid: 'Tls',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [ARN, `${ARN}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const denialOf = (...Statement: object[]) =>
  httpDenialOf(parsePolicy(JSON.stringify({ Statement })), ARN).denial;
const tls = (operator: string, version: unknown) => ({
  ...DENY,
  Condition: { [operator]: { 's3:TlsVersion': version } },
});

test.for([
  ['the usual form', DENY, 'transport'],
  ['an account wildcard as principal', { ...DENY, Principal: { AWS: '*' } }, 'transport'],
  ['all actions', { ...DENY, Action: '*' }, 'transport'],
  ['all resources', { ...DENY, Resource: '*' }, 'transport'],
  ['one pattern for the bucket and its objects', { ...DENY, Resource: `${ARN}*` }, 'transport'],
  [
    'a list with one value',
    { ...DENY, Condition: { Bool: { 'aws:SecureTransport': ['false'] } } },
    'transport',
  ],
  ['a boolean value', { ...DENY, Condition: { Bool: { 'aws:SecureTransport': false } } }, 'transport'],
  ['a key in lower case', { ...DENY, Condition: { Bool: { 'aws:securetransport': 'false' } } }, 'transport'],
  ['BoolIfExists', { ...DENY, Condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } } }, 'transport'],
  ['one action', { ...DENY, Action: 's3:PutObject' }, 'none'],
  ['all actions but one', { ...DENY, Action: undefined, NotAction: 's3:GetObject' }, 'none'],
  ['one account', { ...DENY, Principal: { AWS: '111122223333' } }, 'none'],
  ['all but one account', { ...DENY, Principal: undefined, NotPrincipal: { AWS: '111122223333' } }, 'none'],
  ['objects only', { ...DENY, Resource: `${ARN}/*` }, 'none'],
  ['the bucket only', { ...DENY, Resource: ARN }, 'none'],
  ['a prefix of the objects', { ...DENY, Resource: [ARN, `${ARN}/a/*`] }, 'none'],
  ['keys of one character', { ...DENY, Resource: [ARN, `${ARN}/?`] }, 'none'],
  ['all resources but one', { ...DENY, Resource: undefined, NotResource: 'arn:aws:s3:::other' }, 'none'],
  ['the opposite value', { ...DENY, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, 'none'],
  [
    'an Allow of TLS',
    { ...DENY, Effect: 'Allow', Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
    'none',
  ],
  [
    'a further condition',
    { ...DENY, Condition: { ...DENY.Condition, StringEquals: { 'aws:SourceVpc': 'vpc-1' } } },
    'none',
  ],
  ['a TLS version that holds without the key', tls('NumericLessThanIfExists', '1.2'), 'tls-version'],
  ['a TLS version as a number', tls('NumericLessThanIfExists', 1.3), 'tls-version'],
  ['a TLS version that needs the key', tls('NumericLessThan', '1.2'), 'none'],
  ['an old TLS version', tls('NumericLessThanIfExists', '1.1'), 'none'],
] as const)('a policy with %s: %j denies plain HTTP by %s', ([, statement, denial]) => {
  expect(denialOf(statement)).toBe(denial);
});

test('two statements together may deny what each denies in part', () => {
  expect(denialOf({ ...DENY, Resource: ARN }, { ...DENY, Sid: 'Objects', Resource: `${ARN}/*` })).toBe(
    'transport',
  );
});

describe('judge', () => {
  const verdict = (denial: 'transport' | 'tls-version', acceptTlsVersionCondition: boolean) =>
    rule.judge(
      { hasPolicy: true, denial, partial: [] },
      {
        parameters: rule.parameters.parse({ acceptTlsVersionCondition }),
        accountId: AccountId.parse('111122223333'),
        region: 'eu-west-1',
        partition: 'aws',
        now: new Date('2026-11-20T12:00:00Z'),
      },
    ).complianceType;

  test('a TLS version suffices, unless the settings say otherwise', () => {
    expect(verdict('tls-version', true)).toBe('COMPLIANT');
    expect(verdict('tls-version', false)).toBe('NON_COMPLIANT');
    expect(verdict('transport', false)).toBe('COMPLIANT');
  });
});

describe('the edit', () => {
  const policy = parsePolicy({ Id: 'mine', Statement: { ...DENY, Resource: `${ARN}/*` } });

  test('adds a statement and keeps the others, with a Sid of its own', () => {
    const edited = denyHttp(policy, { sid: 'Tls', arn: ARN });
    expect(edited).toEqual({ Id: 'mine', Statement: [...policy.Statement, { ...DENY, Sid: 'Tls2' }] });
    expect(httpDenialOf(edited, ARN).denial).toBe('transport');
  });
});

test('an item in the form of the Config API is read as that of an event', () => {
  const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' };
  const supplementaryConfiguration = { BucketPolicy: { policyText: JSON.stringify({ Statement: DENY }) } };
  const session = fakeSession({ allow: [], answers: [] });
  const event = itemOf(resource, session, { arn: ARN, supplementaryConfiguration });
  const { awsAccountId: accountId, ARN: arn, ...item } = event;
  const api = {
    ...item,
    accountId,
    arn,
    supplementaryConfiguration: { BucketPolicy: JSON.stringify(supplementaryConfiguration.BucketPolicy) },
  };
  const [fromEvent, fromApi] = [event, api].map((one) => rule.observe.item?.(parseConfigurationItem(one)));
  expect(fromEvent).toMatchObject({ facts: { denial: 'transport' } });
  expect(fromApi).toEqual(fromEvent);
});
