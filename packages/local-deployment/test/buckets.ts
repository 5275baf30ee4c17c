import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketVersioningCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { LocalOrg } from '@compliance/local-org';

import { REGION } from './story.ts';

export const VERSIONING = 'S3_ENABLE_VERSIONING';
export const BUCKET = 'AWS::S3::Bucket';

type Org = Pick<LocalOrg, 'client'>;

export const createBucket = ({ client }: Org, accountId: string, Bucket: string) =>
  client(S3Client, accountId).send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );

export const tagBucket = (
  { client }: Org,
  accountId: string,
  Bucket: string,
  tags: Readonly<Record<string, string>>,
) =>
  client(S3Client, accountId).send(
    new PutBucketTaggingCommand({
      Bucket,
      Tagging: { TagSet: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
    }),
  );

export const deleteBucket = ({ client }: Org, accountId: string, Bucket: string) =>
  client(S3Client, accountId).send(new DeleteBucketCommand({ Bucket }));

/** Suspends versioning, which the rule finds. */
export const suspendVersions = ({ client }: Org, accountId: string, Bucket: string) =>
  client(S3Client, accountId).send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
  );

/** Reads the versioning of a bucket; `undefined`: it was never versioned. */
export const versioningOf = async ({ client }: Org, accountId: string, Bucket: string) =>
  (await client(S3Client, accountId).send(new GetBucketVersioningCommand({ Bucket }))).Status;
