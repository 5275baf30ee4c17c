import { CloudTrailClient, CreateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand, S3Client, type BucketLocationConstraint } from '@aws-sdk/client-s3';
import type { Resource, Session } from '@compliance/core/rule';
import { itemOf } from '@compliance/core/testing';

type Prepare = (bucket: { readonly Bucket: string }, admin: Session) => Promise<unknown>;

/** A bucket of the session's account and Region, as prepared, that a trail delivers to. */
export const logBucket =
  (prepare: Prepare = async () => {}) =>
  async (admin: Session): Promise<Resource> => {
    const resource = await bucket(prepare)(admin);
    const S3BucketName = resource.resourceId;
    await admin
      .client(CloudTrailClient)
      .send(new CreateTrailCommand({ Name: `trail-${admin.region}`, S3BucketName }));
    return resource;
  };

/** The same bucket without a trail. */
export const bucket =
  (prepare: Prepare = async () => {}) =>
  async (admin: Session): Promise<Resource> => {
    const Bucket = `logs-${admin.accountId}-${admin.region}`;
    await createBucket(Bucket, admin);
    await prepare({ Bucket }, admin);
    return { resourceType: 'AWS::S3::Bucket', resourceId: Bucket };
  };

/** Creates a bucket in the session's Region, which is not us-east-1. */
export const createBucket = async (Bucket: string, admin: Session): Promise<void> => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the location of a bucket has the name of its Region.
  const LocationConstraint = admin.region as BucketLocationConstraint;
  await admin
    .client(S3Client)
    .send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
};

/** The item of a bucket, which does not say that it is a log bucket. */
export const bucketItem = async (resource: Resource, admin: Session): Promise<unknown> =>
  itemOf(resource, admin, {
    arn: `arn:aws:s3:::${resource.resourceId}`,
    resourceName: resource.resourceId,
    configuration: { name: resource.resourceId },
  });
