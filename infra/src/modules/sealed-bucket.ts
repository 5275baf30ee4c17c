import type { TerraformStack } from 'cdktf';

import { roleArn } from '../names/arn.ts';
import { KEEPER_ROLE, sealedBucket } from '../names/names.ts';
import { addBucket, bucketArn } from '../terraform/bucket.ts';
import { PARTITION } from '../terraform/expressions.ts';
import { addOutput } from '../terraform/terraform-module.ts';

/** Adds the bucket of the sealed ledger, to which the keeper alone writes. */
export const addSealedBucket = (stack: TerraformStack, masterAccountId: string): void => {
  const name = sealedBucket(masterAccountId);
  addBucket(stack, {
    id: 'sealed',
    name,
    // Objects are locked one by one, for as long as the settings say: a bucket can always hold locked objects. Terraform
    // never empties it: of a bucket with Object Lock, it deletes what GOVERNANCE locks as well.
    config: { forceDestroy: false, objectLockEnabled: true },
    statements: [
      {
        Sid: 'KeeperAlone',
        Effect: 'Deny',
        Principal: '*',
        Action: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObject', 's3:PutObjectRetention'],
        Resource: `${bucketArn(name)}/*`,
        Condition: {
          ArnNotEquals: {
            'aws:PrincipalArn': roleArn({ partition: PARTITION, accountId: masterAccountId }, KEEPER_ROLE),
          },
        },
      },
    ],
  });
  addOutput(stack, 'sealed_bucket', name, 'The bucket of the sealed ledger.');
};
