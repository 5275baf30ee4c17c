import { compliant, defineRule, nonCompliant, notApplicable } from '@compliance/core/rule';
import { BUCKET, BUCKET_SHAPE } from '@compliance/s3-bucket';
import * as z from 'zod';

import { Facts, observeMfaDelete } from './observe-mfa-delete.ts';

export const rule = defineRule({
  command: 'S3_ENABLE_MFA_DELETE',
  title: 'S3 buckets delete versions of objects only with MFA',
  rationale: 'A stolen access key alone then cannot destroy data for good.',
  severity: 'low',
  resourceType: BUCKET,
  resource: BUCKET_SHAPE,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.4': ['2.1.3'],
    'cis-1.5': ['2.1.3'],
    'cis-2.0': ['2.1.2'],
    'cis-3.0': ['2.1.2'],
    'cis-4.0': ['2.1.2'],
    'cis-4.0.1': ['2.1.2'],
    'cis-5.0': ['2.1.2'],
    'cis-6.0': ['3.1.2'],
    'cis-7.0': ['3.1.2'],
    'aws-fsbp': ['S3.20'],
  },
  equivalents: {
    config: ['S3_BUCKET_MFA_DELETE_ENABLED'],
    securityHub: ['S3.20'],
    prowler: ['s3_bucket_no_mfa_delete', 'cloudtrail_bucket_requires_mfa_delete'],
    steampipe: ['s3_bucket_mfa_delete_enabled'],
    custodian: ['s3: Versioning.MFADelete'],
  },
  parameters: z.object({
    skipBucketsWithLifecycle: z
      .boolean()
      .default(true)
      .describe(
        'Whether a bucket with a lifecycle configuration, which S3 does not combine with MFA delete, is left out.',
      ),
  }),
  facts: Facts,
  permissions: {
    list: ['s3:ListAllMyBuckets'],
    get: ['s3:GetBucketVersioning', 's3:GetLifecycleConfiguration'],
    fix: [],
    undo: [],
  },

  observe: observeMfaDelete,

  judge: ({ status, mfaDelete, lifecycle }, { parameters: { skipBucketsWithLifecycle } }) => {
    if (mfaDelete && status === 'Enabled') return compliant();
    if (mfaDelete)
      return nonCompliant('MFA delete is on, but versioning is Suspended: an overwrite needs no MFA.');
    if (!lifecycle) return nonCompliant(`MFA delete is off, and versioning is ${status}.`);
    return skipBucketsWithLifecycle
      ? notApplicable('The bucket has a lifecycle configuration, which S3 does not combine with MFA delete.')
      : nonCompliant(
          'MFA delete is off. S3 does not combine it with the lifecycle configuration of the bucket.',
        );
  },

  guidance:
    'Only the root user can turn MFA delete on: with access keys of root that are deleted afterwards, call PutBucketVersioning with VersioningConfiguration Status=Enabled,MFADelete=Enabled and the serial number and code of its MFA device. Remove a lifecycle configuration first. Exempt the bucket where root has no credentials any more, as with central root access.',
});
