import {
  GetBucketVersioningCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { describeRuleContract } from '@compliance/core/testing';
import { bucket, bucketItem, ELSEWHERE, GONE } from '@compliance/s3-bucket/testing';

import { s3EnableVersioning } from '../src/rule.ts';

const versioned = (Status: 'Enabled' | 'Suspended', mfaDelete = false) =>
  bucket((named, client) =>
    client.send(
      new PutBucketVersioningCommand({
        ...named,
        VersioningConfiguration: { Status, ...(mfaDelete && { MFADelete: 'Enabled' }) },
        ...(mfaDelete && { MFA: 'arn:aws:iam::111122223333:mfa/root 123456' }),
      }),
    ),
  );

describeRuleContract(s3EnableVersioning, {
  compliant: { 'a versioned bucket': versioned('Enabled') },
  nonCompliant: {
    'a bucket that was never versioned': bucket((named, client) =>
      client.send(
        new PutBucketTaggingCommand({ ...named, Tagging: { TagSet: [{ Key: 'owner', Value: 'team-a' }] } }),
      ),
    ),
    'a bucket whose versioning is suspended': versioned('Suspended'),
  },
  manual: { 'a bucket with MFA delete whose versioning is suspended': versioned('Suspended', true) },
  elsewhere: ELSEWHERE,
  /** AWS Config records `Off` for a bucket that was never versioned. */
  item: bucketItem(async (named, client) => {
    const { Status = 'Off', MFADelete } = await client.send(new GetBucketVersioningCommand(named));
    return {
      BucketVersioningConfiguration: { status: Status, isMfaDeleteEnabled: MFADelete === 'Enabled' || null },
    };
  }),
  gone: GONE,
});
