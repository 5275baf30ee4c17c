import {
  CreateBucketCommand,
  GetBucketTaggingCommand,
  S3Client,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3';
import { hasCode, type Resource, type Session } from '@compliance/core';
import { itemOf } from '@compliance/core/testing';

/** Seeds a bucket in the session's Region, and sets it up. */
export const bucket =
  (setUp?: (bucket: { readonly Bucket: string }, client: S3Client, admin: Session) => Promise<unknown>) =>
  async (admin: Session): Promise<Resource> => {
    const Bucket = `bucket-${admin.accountId}-${admin.region}`;
    const client = admin.client(S3Client);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK lists the Regions that it knows, and no seed is made in us-east-1.
    const LocationConstraint = admin.region as BucketLocationConstraint;
    await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
    await setUp?.({ Bucket }, client, admin);
    return { resourceType: 'AWS::S3::Bucket', resourceId: Bucket };
  };

/** The bucket's item with this part of its supplementary configuration. */
export const bucketItem =
  (
    supplementary: (
      bucket: { readonly Bucket: string },
      client: S3Client,
    ) => Promise<Readonly<Record<string, unknown>>>,
  ) =>
  async (resource: Resource, admin: Session) => {
    const { resourceId: Bucket } = resource;
    const client = admin.client(S3Client);
    return itemOf(resource, admin, {
      arn: `arn:aws:s3:::${Bucket}`,
      resourceName: Bucket,
      tags: await tagsOf(Bucket, client),
      configuration: { name: Bucket },
      supplementaryConfiguration: await supplementary({ Bucket }, client),
    });
  };

const tagsOf = async (Bucket: string, client: S3Client) => {
  try {
    return (await client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet;
  } catch (error) {
    if (hasCode(error, 'NoSuchTagSet')) return undefined;
    throw error;
  }
};

/** Why the contract of a rule on buckets does not look for a bucket in a Region that is not its own. */
export const ELSEWHERE = "A bucket's name is global: S3 redirects to its Region, and the emulator does not.";

export const GONE = {
  resourceType: 'AWS::S3::Bucket',
  resourceId: 'no-such-bucket-of-this-organization',
};

/** A reply, or `undefined` if S3 answers that the setting does not exist. */
export const ifSet = async <T>(reply: Promise<T>, code: string): Promise<T | undefined> => {
  try {
    return await reply;
  } catch (error) {
    if (hasCode(error, code)) return undefined;
    throw error;
  }
};
