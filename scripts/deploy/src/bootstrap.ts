import {
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';

import { ask } from './ask.ts';
import { stateBucket } from './aws-access.ts';
import type { Where } from './where.ts';

/** Makes the bucket of Terraform's state: private, versioned, encrypted. S3 itself holds the locks. */
export const bootstrap = async (where: Where): Promise<void> => {
  const { masterAccountId: accountId, homeRegion } = where.settings.organization;
  const Bucket = stateBucket(where.options, where.settings);
  const s3 = await where.client(S3Client, { accountId, region: homeRegion });
  if (await exists(s3, Bucket)) {
    where.say(`The bucket ${Bucket} is there already.`);
    return;
  }
  await ask(where, `Make the bucket ${Bucket} for Terraform's state in ${accountId}, ${homeRegion}?`);
  await s3.send(
    new CreateBucketCommand({
      Bucket,
      // us-east-1 is the one Region that S3 refuses to be told.
      ...(homeRegion !== 'us-east-1' && {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK knows the Regions of its release only.
        CreateBucketConfiguration: { LocationConstraint: homeRegion as 'eu-west-1' },
      }),
    }),
  );
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    }),
  );
  where.say(`Made the bucket ${Bucket}.`);
};

const exists = async (s3: S3Client, Bucket: string): Promise<boolean> => {
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    if (error instanceof Error && ['NotFound', 'NoSuchBucket'].includes(error.name)) return false;
    throw error;
  }
};
