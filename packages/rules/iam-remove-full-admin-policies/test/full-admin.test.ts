import { expect, test } from 'vitest';

import { fullAdminOf } from '../src/full-admin.ts';

const admin = { Effect: 'Allow', Action: '*', Resource: '*' };

test.for([
  ['a single statement', admin, 1],
  ['a list of statements', [{ ...admin, Action: 's3:*' }, admin], 1],
  ['*:* as the action', { ...admin, Action: '*:*' }, 1],
  ['* among other actions', { ...admin, Action: ['s3:Get*', '*'] }, 1],
  ['* among other resources', { ...admin, Resource: ['*', 'arn:aws:s3:::x'] }, 1],
  ['a condition', { ...admin, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }, 1],
  ['all actions of one service', { ...admin, Action: 's3:*' }, 0],
  ['all actions on one resource', { ...admin, Resource: 'arn:aws:s3:::x' }, 0],
  ['a Deny of everything', { ...admin, Effect: 'Deny' }, 0],
  [
    'all actions on all resources but one',
    { Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::x' },
    1,
  ],
  ['all actions on no resource', { Effect: 'Allow', Action: '*', NotResource: '*' }, 0],
  [
    'all actions but those of IAM',
    { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' },
    0,
  ],
  [
    'all actions but one that grants nothing',
    { Effect: 'Allow', NotAction: 's3:DeleteBucket', Resource: '*' },
    1,
  ],
] as const)('a policy with %s makes an administrator: %j → %i', ([, statement, count]) => {
  expect(fullAdminOf({ Version: '2012-10-17', Statement: statement })).toHaveLength(count);
});

test('a URL-encoded document is read as IAM returns it', () => {
  const document = encodeURIComponent(JSON.stringify({ Statement: admin }));
  expect(fullAdminOf(document)).toEqual(['Every action']);
});

test('an exception is named', () => {
  const statement = { Effect: 'Allow', NotAction: 's3:DeleteBucket', Resource: '*' };
  expect(fullAdminOf({ Statement: statement })).toEqual(['Every action but s3:DeleteBucket']);
});
