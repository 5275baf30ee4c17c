import { GetBucketEncryptionCommand, S3Client } from '@aws-sdk/client-s3';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' };
const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});

test.for([
  ['AES256', 'any', 'COMPLIANT'],
  ['aws:kms', 'any', 'COMPLIANT'],
  [null, 'any', 'NON_COMPLIANT'],
  ['AES256', 'aws:kms', 'NON_COMPLIANT'],
  ['aws:kms:dsse', 'aws:kms', 'COMPLIANT'],
  ['aws:kms', 'aws:kms:dsse', 'NON_COMPLIANT'],
  ['aws:kms', 'AES256', 'COMPLIANT'],
] as const)(
  'default encryption %s is, where %s is required, %s',
  ([algorithm, requiredAlgorithm, expected]) => {
    expect(rule.judge({ algorithm }, context({ requiredAlgorithm }))).toMatchObject({
      complianceType: expected,
    });
  },
);

describe('fix', () => {
  const key = 'arn:aws:kms:eu-west-1:111122223333:key/1';
  const rules = [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const },
      BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
    },
  ];
  const fixWith = (parameters: object, found: typeof rules | []) =>
    rule.fix?.({ ...context(parameters), resource, facts: { algorithm: null }, handles: { rules: found } });

  test('encryption with the keys of S3 is transparent, so the fix is safe', () => {
    expect(fixWith({}, [])).toMatchObject({
      risk: 'safe',
      steps: [{ undo: { operation: { name: 'DeleteBucketEncryption' } } }],
    });
  });

  test('a key of KMS is disruptive, and what the setting says beside the algorithm stays', () => {
    expect(fixWith({ requiredAlgorithm: 'aws:kms', kmsKeyArn: key }, rules)).toMatchObject({
      risk: 'disruptive',
      steps: [
        {
          input: {
            ServerSideEncryptionConfiguration: {
              Rules: [
                {
                  ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
                  BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
                },
              ],
            },
          },
          undo: { input: { ServerSideEncryptionConfiguration: { Rules: rules } } },
        },
      ],
    });
  });

  test('a person chooses the key', () => {
    expect(fixWith({ requiredAlgorithm: 'aws:kms' }, rules)).toEqual({
      manual: expect.stringContaining('kmsKeyArn'),
    });
  });
});

test('a setting that must not be read is an error, not a verdict', async () => {
  const session = fakeSession({
    allow: rule.permissions.get,
    answers: [
      on(S3Client, GetBucketEncryptionCommand, () => {
        throw awsError('AccessDenied');
      }),
    ],
  });
  await expect(rule.observe.get(resource, { session })).rejects.toThrow('AccessDenied');
});
