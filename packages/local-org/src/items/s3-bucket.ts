import {
  GetBucketAclCommand,
  type GetBucketAclOutput,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  type Grantee,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { partitionOf } from '@compliance/core';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import { camelCase, tagMap } from './camel-case.ts';
import type { ReadContext, ResourceKind } from './resource-kind.ts';

const client = ({ clients, place }: ReadContext): S3Client => clients(S3Client, place);

/** The Region of a bucket; the location of us-east-1 is empty. */
const regionOf = async (s3: S3Client, bucket: string): Promise<string | undefined> => {
  const answer = await undefinedIfNotFound(
    s3.send(new GetBucketLocationCommand({ Bucket: bucket })),
    'NoSuchBucket',
  );
  if (answer === undefined) return undefined;
  const location = answer.LocationConstraint;
  return location ?? 'us-east-1';
};

const supplementary = async (s3: S3Client, bucket: string): Promise<Record<string, unknown>> => {
  const input = { Bucket: bucket };
  const [acl, versioning, policy, logging, encryption, publicAccess] = await Promise.all([
    s3.send(new GetBucketAclCommand(input)),
    s3.send(new GetBucketVersioningCommand(input)),
    undefinedIfNotFound(s3.send(new GetBucketPolicyCommand(input)), 'NoSuchBucketPolicy'),
    s3.send(new GetBucketLoggingCommand(input)),
    s3.send(new GetBucketEncryptionCommand(input)),
    undefinedIfNotFound(
      s3.send(new GetPublicAccessBlockCommand(input)),
      'NoSuchPublicAccessBlockConfiguration',
    ),
  ]);
  return {
    // AWS encodes this one twice, and only this one.
    AccessControlList: JSON.stringify(accessControlList(acl)),
    BucketLoggingConfiguration: {
      destinationBucketName: logging.LoggingEnabled?.TargetBucket ?? null,
      logFilePrefix: logging.LoggingEnabled?.TargetPrefix ?? null,
    },
    BucketPolicy: { policyText: policy?.Policy ?? null },
    BucketVersioningConfiguration: {
      status: versioning.Status ?? 'Off',
      isMfaDeleteEnabled: versioning.MFADelete === undefined ? null : versioning.MFADelete === 'Enabled',
    },
    IsRequesterPaysEnabled: false,
    // Omitted, not four times false, if it was never set.
    ...(publicAccess === undefined
      ? {}
      : { PublicAccessBlockConfiguration: camelCase(publicAccess.PublicAccessBlockConfiguration) }),
    ServerSideEncryptionConfiguration: {
      rules: (encryption.ServerSideEncryptionConfiguration?.Rules ?? []).map((rule) => ({
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
          kmsMasterKeyID: rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID ?? null,
        },
        bucketKeyEnabled: rule.BucketKeyEnabled ?? false,
      })),
    },
  };
};

/** Turns FULL_CONTROL into FullControl. */
const permission = (name: string): string =>
  name.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A group is given by its name only: `AllUsers`. */
const grantee = ({ URI: uri, ID: id, DisplayName: displayName }: Grantee): unknown =>
  uri === undefined ? { id, displayName: displayName ?? null } : uri.split('/').at(-1);

const accessControlList = ({ Owner: owner, Grants: grants = [] }: GetBucketAclOutput): unknown => ({
  grantSet: null,
  grantList: grants.map((grant) => ({
    grantee: grantee(grant.Grantee ?? { Type: 'CanonicalUser' }),
    permission: permission(grant.Permission ?? ''),
  })),
  owner: { displayName: null, id: owner?.ID ?? null },
  isRequesterCharged: false,
});

export const s3Bucket: ResourceKind = {
  resourceType: 'AWS::S3::Bucket',
  global: false,

  list: async (reader) => {
    const s3 = client(reader);
    const { Buckets: buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const names = buckets.flatMap(({ Name: name }) => name ?? []);
    const regions = await Promise.all(names.map((name) => regionOf(s3, name)));
    return names.filter((_, index) => regions[index] === reader.place.region);
  },

  describe: async (reader, bucket) => {
    const s3 = client(reader);
    const region = await regionOf(s3, bucket);
    if (region === undefined) return undefined;
    const [{ Buckets: buckets = [], Owner: owner }, tagging, supplementaryConfiguration] = await Promise.all([
      s3.send(new ListBucketsCommand({})),
      undefinedIfNotFound(s3.send(new GetBucketTaggingCommand({ Bucket: bucket })), 'NoSuchTagSet'),
      supplementary(s3, bucket),
    ]);
    const createdAt = buckets.find(({ Name: name }) => name === bucket)?.CreationDate?.toISOString() ?? null;
    return {
      resourceId: bucket,
      resourceName: bucket,
      ARN: `arn:${partitionOf(region)}:s3:::${bucket}`,
      awsRegion: region,
      availabilityZone: 'Regional',
      resourceCreationTime: createdAt,
      tags: tagMap(tagging?.TagSet),
      configuration: {
        name: bucket,
        owner: { displayName: null, id: owner?.ID ?? null },
        creationDate: createdAt,
      },
      supplementaryConfiguration,
    };
  },
};
