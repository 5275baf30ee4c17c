import { DeleteBucketEncryptionCommand, PutBucketEncryptionCommand, S3Client } from '@aws-sdk/client-s3';
import { call, change, undoCall, type Fix, type FixInput } from '@compliance/core/rule';
import { bucketOf } from '@compliance/s3-bucket';
import type * as z from 'zod';

import type { ALGORITHMS, Facts, Handles } from './encryption.ts';

interface Parameters {
  readonly requiredAlgorithm: 'any' | (typeof ALGORITHMS)[number];
  readonly kmsKeyArn: string | null;
}

/** Encrypts new objects with the weakest algorithm that is accepted. Other members of the setting stay. */
export const encryptBucket = ({
  resource,
  handles: { rules },
  parameters: { requiredAlgorithm, kmsKeyArn },
  accountId,
}: FixInput<z.infer<typeof Facts>, Parameters, z.infer<typeof Handles>>): Fix<z.infer<typeof Facts>> => {
  const bucket = bucketOf(resource.resourceId, accountId);
  const algorithm = requiredAlgorithm === 'any' ? 'AES256' : requiredAlgorithm;
  const usesKey = algorithm !== 'AES256';
  if (usesKey && kmsKeyArn === null)
    return {
      manual: `Choose the key that bucket ${bucket.Bucket} is to use and set it as parameter kmsKeyArn: readers in other accounts cannot use AWS's own key.`,
    };
  const byDefault = {
    SSEAlgorithm: algorithm,
    ...(usesKey && kmsKeyArn !== null && { KMSMasterKeyID: kmsKeyArn }),
  };
  const Rules = [{ ...rules[0], ApplyServerSideEncryptionByDefault: byDefault }];
  const withKey = kmsKeyArn !== null && usesKey ? ` with ${kmsKeyArn}` : '';
  return change({
    description: `Encrypt new objects in bucket ${bucket.Bucket} by ${algorithm}${withKey}`,
    risk: usesKey ? 'disruptive' : 'safe',
    steps: [
      call(
        S3Client,
        PutBucketEncryptionCommand,
        { ...bucket, ServerSideEncryptionConfiguration: { Rules } },
        {
          undo:
            rules.length === 0
              ? undoCall(S3Client, DeleteBucketEncryptionCommand, bucket)
              : undoCall(S3Client, PutBucketEncryptionCommand, {
                  ...bucket,
                  ServerSideEncryptionConfiguration: { Rules: rules },
                }),
        },
      ),
    ],
    inCode: {
      terraform: `aws_s3_bucket_server_side_encryption_configuration: rule { apply_server_side_encryption_by_default { sse_algorithm = "${algorithm}" } }`,
      cloudFormation: `AWS::S3::Bucket: BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: '${algorithm}' } }] }`,
    },
  });
};
