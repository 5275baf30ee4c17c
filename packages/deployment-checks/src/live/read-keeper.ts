import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetBucketLocationCommand, S3Client } from '@aws-sdk/client-s3';
import type { Session } from '@compliance/core';
import { KEEPER, KEEPER_LOG_GROUP, sealedBucket } from '@compliance/infra';

import { undefinedIfNotFound, type Fragment } from './fragment.ts';
import { logGroupsIn } from './read-stores.ts';

/** Reads the keeper, its log group and its bucket, in the home Region. */
export const readKeeper = async (home: Session): Promise<Fragment> => {
  const { accountId, region } = home;
  const name = sealedBucket(accountId);
  const [configuration, location, logGroups] = await Promise.all([
    undefinedIfNotFound(
      home.client(LambdaClient).send(new GetFunctionConfigurationCommand({ FunctionName: KEEPER })),
      'ResourceNotFoundException',
    ),
    undefinedIfNotFound(
      home
        .client(S3Client)
        .send(new GetBucketLocationCommand({ Bucket: name, ExpectedBucketOwner: accountId })),
      'NoSuchBucket',
    ),
    logGroupsIn(home, [KEEPER_LOG_GROUP]),
  ]);
  return {
    functions: configuration
      ? [
          {
            accountId,
            region,
            name: KEEPER,
            runtime: configuration.Runtime,
            roleArn: configuration.Role,
            environment: configuration.Environment?.Variables ?? {},
          },
        ]
      : [],
    // S3 returns no location for us-east-1.
    buckets: location ? [{ accountId, region: location.LocationConstraint ?? 'us-east-1', name }] : [],
    logGroups,
    coverage: [{ part: 'keeper', accountId, region }],
  };
};

/** Reads what kind of key signs the ledger. */
export const readSigningKey = async (home: Session, arn: string): Promise<Fragment> => {
  const { accountId } = home;
  const found = await undefinedIfNotFound(
    home.client(KMSClient).send(new GetPublicKeyCommand({ KeyId: arn })),
    'NotFoundException',
    // A symmetric key has no public half.
    'UnsupportedOperationException',
  );
  return {
    signingKeys: found ? [{ arn, spec: found.KeySpec ?? 'unknown', usage: found.KeyUsage ?? 'unknown' }] : [],
    coverage: [{ part: 'signingKey', accountId }],
  };
};
