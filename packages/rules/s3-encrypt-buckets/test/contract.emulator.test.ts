import { GetBucketEncryptionCommand, PutBucketEncryptionCommand } from '@aws-sdk/client-s3';
import { describeRuleContract } from '@compliance/core/testing';
import { bucket, bucketItem, ELSEWHERE, GONE, ifSet } from '@compliance/s3-bucket/testing';

import { rule } from '../src/rule.ts';

const encrypted = (SSEAlgorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse') =>
  bucket((named, client) =>
    client.send(
      new PutBucketEncryptionCommand({
        ...named,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm }, BucketKeyEnabled: true }],
        },
      }),
    ),
  );

describeRuleContract(rule, {
  parameters: {
    requiredAlgorithm: 'aws:kms',
    kmsKeyArn: 'arn:{partition}:kms:{region}:{accountId}:key/11111111-2222-3333-4444-555555555555',
  },
  compliant: {
    'a bucket that encrypts with KMS': encrypted('aws:kms'),
    'a bucket that encrypts twice': encrypted('aws:kms:dsse'),
  },
  nonCompliant: {
    'a bucket that encrypts more weakly than required': encrypted('AES256'),
    'a bucket without default encryption': bucket(),
  },
  elsewhere: ELSEWHERE,
  item: bucketItem(async (named, client) => {
    const reply = client.send(new GetBucketEncryptionCommand(named));
    const answer = await ifSet(reply, 'ServerSideEncryptionConfigurationNotFoundError');
    const [found] = answer?.ServerSideEncryptionConfiguration?.Rules ?? [];
    if (!found) return {};
    return {
      ServerSideEncryptionConfiguration: {
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: found.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
              kmsMasterKeyID: null,
            },
            bucketKeyEnabled: found.BucketKeyEnabled,
          },
        ],
      },
    };
  }),
  gone: GONE,
});
