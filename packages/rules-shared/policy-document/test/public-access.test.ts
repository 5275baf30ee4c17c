import type { Json } from '@compliance/core/rule';
import { expect, test } from 'vitest';

import { parsePolicy } from '../src/parse-policy.ts';
import { publicStatements } from '../src/public-access.ts';

const statement = (Condition: Json = {}, who: { [member: string]: Json } = { Principal: '*' }): Json => ({
  Sid: 'Open',
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: '*',
  Condition,
  ...who,
});
const isOpen = (one: Json, furtherKeys?: readonly string[]) =>
  publicStatements(parsePolicy({ Statement: [one] }), furtherKeys).length > 0;

test.for([
  ['anyone', { Principal: '*' }, true],
  ['any AWS account', { Principal: { AWS: '*' } }, true],
  ['any canonical user', { Principal: { CanonicalUser: '*' } }, true],
  ['all but one account', { NotPrincipal: { AWS: '111122223333' } }, true],
  ['one account', { Principal: { AWS: '111122223333' } }, false],
  ['a service', { Principal: { Service: 'sns.amazonaws.com' } }, false],
  ['an identity, in its own policy', {}, false],
  ['anyone, denied', { Principal: '*', Effect: 'Deny' }, false],
] as const)('a statement for %s is public: %s', ([, who, expected]) => {
  expect(isOpen(statement({}, who))).toBe(expected);
});

test.for([
  ['StringEquals', 'aws:PrincipalOrgID', 'o-1234567890', false],
  ['StringEquals', 'AWS:SourceAccount', '111122223333', false],
  ['StringEquals', 'aws:SourceAccount', ['111122223333', '*'], true],
  ['StringLike', 'aws:SourceAccount', '*', true],
  ['StringLike', 'aws:SourceVpce', 'vpce-1234', false],
  ['StringEqualsIfExists', 'aws:SourceAccount', '111122223333', true],
  ['ForAllValues:StringEquals', 'aws:PrincipalOrgPaths', 'o-1/r-1/', true],
  ['ForAnyValue:StringEquals', 'aws:PrincipalOrgPaths', 'o-1/r-1/', false],
  ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-1/r-1/ou-1/*', false],
  ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', '*/r-1/*', true],
  ['StringLike', 'aws:PrincipalOrgID', 'o-*', true],
  ['StringEquals', 'aws:PrincipalOrgID', '${aws:ResourceOrgID}', false],
  ['StringEquals', 'aws:SourceAccount', '${aws:ResourceAccount}', false],
  ['StringNotEquals', 'aws:SourceAccount', '111122223333', true],
  ['StringEquals', 'aws:SourceAccount', '${aws:PrincipalAccount}', true],
  ['ArnLike', 'aws:SourceArn', 'arn:aws:s3:::my-bucket', false],
  ['ArnLike', 'aws:SourceArn', 'arn:aws:s3:::*', true],
  ['ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:111122223333:*', false],
  ['ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:*:topic', true],
  ['Bool', 'aws:SecureTransport', 'true', true],
  ['StringEquals', 'aws:UserAgent', 'mine', true],
  ['IpAddress', 'aws:SourceIp', '192.0.2.0/24', false],
  ['IpAddress', 'aws:SourceIp', '192.0.2.1', false],
  ['IpAddress', 'aws:SourceIp', ['192.0.2.0/24', '0.0.0.0/1'], true],
  ['IpAddress', 'aws:SourceIp', '2001:db8::/32', false],
  ['IpAddress', 'aws:SourceIp', '2000::/3', true],
  ['NotIpAddress', 'aws:SourceIp', '192.0.2.0/24', true],
  ['Null', 'aws:SourceAccount', 'true', true],
] as const)('for anyone, with %s %s %j, a statement is public: %s', ([operator, key, value, expected]) => {
  const values = typeof value === 'string' ? value : [...value];
  expect(isOpen(statement({ [operator]: { [key]: values } }))).toBe(expected);
});

test('anyone in a list of principals is anyone', () => {
  expect(isOpen(statement({}, { Principal: { AWS: ['111122223333', '*'] } }))).toBe(true);
});

test('one condition that restricts suffices, beside others that do not', () => {
  const Condition = {
    Bool: { 'aws:SecureTransport': 'true' },
    StringEquals: { 'aws:UserAgent': 'mine', 'aws:SourceVpc': 'vpc-1' },
  };
  expect(isOpen(statement(Condition))).toBe(false);
});

test('a key of the service restricts where the rule names it', () => {
  const one = statement({ StringEquals: { 'kms:CallerAccount': '111122223333' } });
  expect(isOpen(one)).toBe(true);
  expect(isOpen(one, ['kms:calleraccount'])).toBe(false);
});
