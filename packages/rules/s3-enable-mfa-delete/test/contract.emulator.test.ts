import {
  GetBucketVersioningCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { describeRuleContract } from '@compliance/core/testing';
import { bucket, bucketItem, ELSEWHERE, GONE } from '@compliance/s3-bucket/testing';

import { rule } from '../src/rule.ts';

const versioned = (Status: 'Enabled' | 'Suspended', MFADelete: 'Enabled' | 'Disabled') =>
  bucket((named, client) =>
    client.send(
      new PutBucketVersioningCommand({
        ...named,
        MFA: 'arn:aws:iam::111122223333:mfa/root 123456',
        VersioningConfiguration: { Status, MFADelete },
      }),
    ),
  );

describeRuleContract(rule, {
  compliant: { 'a bucket with MFA delete': versioned('Enabled', 'Enabled') },
  nonCompliant: {},
  notApplicable: {
    'a bucket with lifecycle rules': bucket((named, client) =>
      client.send(
        new PutBucketLifecycleConfigurationCommand({
          ...named,
          LifecycleConfiguration: {
            Rules: [{ ID: 'old', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } }],
          },
        }),
      ),
    ),
  },
  manual: {
    'a bucket that was never versioned': bucket(),
    'a versioned bucket without MFA delete': versioned('Enabled', 'Disabled'),
    'a bucket with MFA delete whose versioning is suspended': versioned('Suspended', 'Enabled'),
  },
  elsewhere: ELSEWHERE,
  item: bucketItem(async (named, client) => {
    const { Status = 'Off', MFADelete } = await client.send(new GetBucketVersioningCommand(named));
    return {
      BucketVersioningConfiguration: {
        status: Status,
        isMfaDeleteEnabled: MFADelete === undefined ? null : MFADelete === 'Enabled',
      },
    };
  }),
  gone: GONE,
});
