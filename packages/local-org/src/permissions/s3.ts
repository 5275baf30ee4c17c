import { partitionOf } from '../base/place.ts';
import { text, type Call } from '../protocol/call.ts';
import {
  anyResource,
  actionNamed,
  actionsOn,
  type RequiredPermission,
  type ServicePermissions,
} from './required-permission.ts';

const bucketArn = (call: Call): string =>
  `arn:${partitionOf(call.region)}:s3:::${text(call, 'Bucket') ?? '*'}`;
const bucket = (call: Call): readonly string[] => [bucketArn(call)];
const object = (call: Call): readonly string[] => [`${bucketArn(call)}/${text(call, 'Key') ?? '*'}`];

/** The action is another when the call names a version of the object. */
const versioned =
  (action: string) =>
  (call: Call): readonly RequiredPermission[] =>
    actionNamed(call.input['VersionId'] === undefined ? action : `${action}Version`, object)(call);

const copySource = (call: Call): readonly RequiredPermission[] => {
  const source = decodeURIComponent(text(call, 'CopySource') ?? '').replace(/^\//, '');
  const [path = '', version] = source.split('?versionId=');
  const action = version === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return [{ action, resource: `arn:${partitionOf(call.region)}:s3:::${path}` }];
};

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const s3Permissions: ServicePermissions = {
  ...actionsOn(
    bucket,
    `
    CreateBucket DeleteBucket GetBucketLocation GetBucketVersioning PutBucketVersioning
    GetBucketPolicy PutBucketPolicy DeleteBucketPolicy GetBucketPolicyStatus GetBucketAcl
    PutBucketAcl GetBucketLogging PutBucketLogging GetBucketTagging PutBucketTagging
    GetBucketWebsite PutBucketWebsite GetBucketOwnershipControls PutBucketOwnershipControls
    GetBucketRequestPayment DeleteBucketWebsite
  `,
  ),
  ...actionsOn(
    object,
    `
    GetObjectAcl PutObjectAcl GetObjectTagging PutObjectTagging DeleteObjectTagging
  `,
  ),
  ...actionsOn(
    object,
    `
    GetObjectRetention PutObjectRetention GetObjectLegalHold PutObjectLegalHold
    AbortMultipartUpload
  `,
  ),

  ListBuckets: actionNamed('s3:ListAllMyBuckets', anyResource),
  HeadBucket: actionNamed('s3:ListBucket', bucket),
  ListObjects: actionNamed('s3:ListBucket', bucket),
  ListObjectsV2: actionNamed('s3:ListBucket', bucket),
  ListObjectVersions: actionNamed('s3:ListBucketVersions', bucket),
  ListMultipartUploads: actionNamed('s3:ListBucketMultipartUploads', bucket),
  GetBucketEncryption: actionNamed('s3:GetEncryptionConfiguration', bucket),
  PutBucketEncryption: actionNamed('s3:PutEncryptionConfiguration', bucket),
  DeleteBucketEncryption: actionNamed('s3:PutEncryptionConfiguration', bucket),
  GetPublicAccessBlock: actionNamed('s3:GetBucketPublicAccessBlock', bucket),
  PutPublicAccessBlock: actionNamed('s3:PutBucketPublicAccessBlock', bucket),
  DeletePublicAccessBlock: actionNamed('s3:PutBucketPublicAccessBlock', bucket),
  DeleteBucketTagging: actionNamed('s3:PutBucketTagging', bucket),
  DeleteBucketOwnershipControls: actionNamed('s3:PutBucketOwnershipControls', bucket),
  GetBucketLifecycleConfiguration: actionNamed('s3:GetLifecycleConfiguration', bucket),
  PutBucketLifecycleConfiguration: actionNamed('s3:PutLifecycleConfiguration', bucket),
  DeleteBucketLifecycle: actionNamed('s3:PutLifecycleConfiguration', bucket),
  GetBucketReplication: actionNamed('s3:GetReplicationConfiguration', bucket),
  PutBucketReplication: actionNamed('s3:PutReplicationConfiguration', bucket),
  DeleteBucketReplication: actionNamed('s3:PutReplicationConfiguration', bucket),
  GetBucketNotificationConfiguration: actionNamed('s3:GetBucketNotification', bucket),
  PutBucketNotificationConfiguration: actionNamed('s3:PutBucketNotification', bucket),
  GetObjectLockConfiguration: actionNamed('s3:GetBucketObjectLockConfiguration', bucket),
  PutObjectLockConfiguration: actionNamed('s3:PutBucketObjectLockConfiguration', bucket),
  GetBucketAccelerateConfiguration: actionNamed('s3:GetAccelerateConfiguration', bucket),
  GetBucketCors: actionNamed('s3:GetBucketCORS', bucket),
  PutBucketCors: actionNamed('s3:PutBucketCORS', bucket),
  DeleteBucketCors: actionNamed('s3:PutBucketCORS', bucket),

  GetObject: versioned('s3:GetObject'),
  HeadObject: versioned('s3:GetObject'),
  GetObjectAttributes: versioned('s3:GetObjectAttributes'),
  DeleteObject: versioned('s3:DeleteObject'),
  // Keys and versions are in an XML body, which is not parsed: a policy must allow the whole bucket.
  DeleteObjects: actionNamed('s3:DeleteObject', object),
  PutObject: actionNamed('s3:PutObject', object),
  CreateMultipartUpload: actionNamed('s3:PutObject', object),
  UploadPart: actionNamed('s3:PutObject', object),
  CompleteMultipartUpload: actionNamed('s3:PutObject', object),
  ListParts: actionNamed('s3:ListMultipartUploadParts', object),
  CopyObject: (call) => [...actionNamed('s3:PutObject', object)(call), ...copySource(call)],
  UploadPartCopy: (call) => [...actionNamed('s3:PutObject', object)(call), ...copySource(call)],
};

export const s3ControlPermissions: ServicePermissions = {
  GetPublicAccessBlock: actionNamed('s3:GetAccountPublicAccessBlock', anyResource),
  PutPublicAccessBlock: actionNamed('s3:PutAccountPublicAccessBlock', anyResource),
  DeletePublicAccessBlock: actionNamed('s3:PutAccountPublicAccessBlock', anyResource),
};
