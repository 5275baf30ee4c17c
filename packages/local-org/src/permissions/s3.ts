import { partitionOf } from '../base/place.ts';
import { text, type Call } from '../protocol/call.ts';
import { anywhere, named, sameName, type Need, type ServicePermissions } from './required-permission.ts';

const bucketArn = (call: Call): string =>
  `arn:${partitionOf(call.region)}:s3:::${text(call, 'Bucket') ?? '*'}`;
const bucket = (call: Call): readonly string[] => [bucketArn(call)];
const object = (call: Call): readonly string[] => [`${bucketArn(call)}/${text(call, 'Key') ?? '*'}`];

/** The action differs when a version of the object is named. */
const versioned =
  (action: string) =>
  (call: Call): readonly Need[] =>
    named(call.input['VersionId'] === undefined ? action : `${action}Version`, object)(call);

const copySource = (call: Call): readonly Need[] => {
  const source = decodeURIComponent(text(call, 'CopySource') ?? '').replace(/^\//, '');
  const [path = '', version] = source.split('?versionId=');
  const action = version === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return [{ action, resource: `arn:${partitionOf(call.region)}:s3:::${path}` }];
};

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const s3Permissions: ServicePermissions = {
  ...sameName(
    bucket,
    `
    CreateBucket DeleteBucket GetBucketLocation GetBucketVersioning PutBucketVersioning
    GetBucketPolicy PutBucketPolicy DeleteBucketPolicy GetBucketPolicyStatus GetBucketAcl
    PutBucketAcl GetBucketLogging PutBucketLogging GetBucketTagging PutBucketTagging
    GetBucketWebsite PutBucketWebsite GetBucketOwnershipControls PutBucketOwnershipControls
    GetBucketRequestPayment DeleteBucketWebsite
  `,
  ),
  ...sameName(
    object,
    `
    GetObjectAcl PutObjectAcl GetObjectTagging PutObjectTagging DeleteObjectTagging
  `,
  ),
  ...sameName(
    object,
    `
    GetObjectRetention PutObjectRetention GetObjectLegalHold PutObjectLegalHold
    AbortMultipartUpload
  `,
  ),

  ListBuckets: named('s3:ListAllMyBuckets', anywhere),
  HeadBucket: named('s3:ListBucket', bucket),
  ListObjects: named('s3:ListBucket', bucket),
  ListObjectsV2: named('s3:ListBucket', bucket),
  ListObjectVersions: named('s3:ListBucketVersions', bucket),
  ListMultipartUploads: named('s3:ListBucketMultipartUploads', bucket),
  GetBucketEncryption: named('s3:GetEncryptionConfiguration', bucket),
  PutBucketEncryption: named('s3:PutEncryptionConfiguration', bucket),
  DeleteBucketEncryption: named('s3:PutEncryptionConfiguration', bucket),
  GetPublicAccessBlock: named('s3:GetBucketPublicAccessBlock', bucket),
  PutPublicAccessBlock: named('s3:PutBucketPublicAccessBlock', bucket),
  DeletePublicAccessBlock: named('s3:PutBucketPublicAccessBlock', bucket),
  DeleteBucketTagging: named('s3:PutBucketTagging', bucket),
  DeleteBucketOwnershipControls: named('s3:PutBucketOwnershipControls', bucket),
  GetBucketLifecycleConfiguration: named('s3:GetLifecycleConfiguration', bucket),
  PutBucketLifecycleConfiguration: named('s3:PutLifecycleConfiguration', bucket),
  DeleteBucketLifecycle: named('s3:PutLifecycleConfiguration', bucket),
  GetBucketReplication: named('s3:GetReplicationConfiguration', bucket),
  PutBucketReplication: named('s3:PutReplicationConfiguration', bucket),
  DeleteBucketReplication: named('s3:PutReplicationConfiguration', bucket),
  GetBucketNotificationConfiguration: named('s3:GetBucketNotification', bucket),
  PutBucketNotificationConfiguration: named('s3:PutBucketNotification', bucket),
  GetObjectLockConfiguration: named('s3:GetBucketObjectLockConfiguration', bucket),
  PutObjectLockConfiguration: named('s3:PutBucketObjectLockConfiguration', bucket),
  GetBucketAccelerateConfiguration: named('s3:GetAccelerateConfiguration', bucket),
  GetBucketCors: named('s3:GetBucketCORS', bucket),
  PutBucketCors: named('s3:PutBucketCORS', bucket),
  DeleteBucketCors: named('s3:PutBucketCORS', bucket),

  GetObject: versioned('s3:GetObject'),
  HeadObject: versioned('s3:GetObject'),
  GetObjectAttributes: versioned('s3:GetObjectAttributes'),
  DeleteObject: versioned('s3:DeleteObject'),
  // Keys and versions are in an XML body that is not read here: a policy must allow the whole bucket.
  DeleteObjects: named('s3:DeleteObject', object),
  PutObject: named('s3:PutObject', object),
  CreateMultipartUpload: named('s3:PutObject', object),
  UploadPart: named('s3:PutObject', object),
  CompleteMultipartUpload: named('s3:PutObject', object),
  ListParts: named('s3:ListMultipartUploadParts', object),
  CopyObject: (call) => [...named('s3:PutObject', object)(call), ...copySource(call)],
  UploadPartCopy: (call) => [...named('s3:PutObject', object)(call), ...copySource(call)],
};

export const s3ControlPermissions: ServicePermissions = {
  GetPublicAccessBlock: named('s3:GetAccountPublicAccessBlock', anywhere),
  PutPublicAccessBlock: named('s3:PutAccountPublicAccessBlock', anywhere),
  DeletePublicAccessBlock: named('s3:PutAccountPublicAccessBlock', anywhere),
};
