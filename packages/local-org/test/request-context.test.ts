import { expect, test } from 'vitest';
import { evaluatePolicy, parsePolicy } from '../src/iam/policy.ts';
import { callContext, contextOf } from '../src/iam/request-context.ts';
import { call } from './call.ts';

const onePolicy = parsePolicy(
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 'iam:AttachRolePolicy',
      Resource: '*',
      Condition: { ArnLike: { 'iam:PolicyARN': 'arn:*:iam::aws:policy/AWSSupportAccess' } },
    },
  }),
);

test.for([
  ['arn:aws:iam::aws:policy/AWSSupportAccess', 'allowed'],
  ['arn:aws:iam::aws:policy/AdministratorAccess', 'implicitly-denied'],
] as const)('a condition on iam:PolicyARN decides whether %s is attached: %s', ([PolicyArn, decision]) => {
  const context = callContext(call('iam:AttachRolePolicy', { RoleName: 'r', PolicyArn }));
  const request = { action: 'iam:AttachRolePolicy', resource: 'arn:aws:iam::111122223333:role/r', context };
  expect(evaluatePolicy([onePolicy], request)).toBe(decision);
});

const organization = { id: 'o-ours', accountIds: () => ['111122223333'] };
const config = (sourceAccount?: string) => ({
  service: 'config.amazonaws.com',
  ...(sourceAccount !== undefined && { sourceAccount }),
});

test.for([
  ['a member', config('111122223333'), 'o-ours'],
  ['an account outside of the organization', config('444455556666'), undefined],
  ['no account', config(), undefined],
] as const)(
  'a service that acts for %s names the organization of a member alone',
  ([, service, expected]) => {
    expect(contextOf(service, 'eu-west-1', organization)['aws:sourceorgid']).toBe(expected);
  },
);
