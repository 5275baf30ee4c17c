import { PutBucketAclCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import {
  PutPublicAccessBlockCommand,
  S3ControlClient,
  type PublicAccessBlockConfiguration,
} from '@aws-sdk/client-s3-control';
import type { Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { blockWithout } from '@compliance/s3-bucket';
import { bucket } from '@compliance/s3-bucket/testing';

import { rule } from '../src/rule.ts';

const account =
  (
    PublicAccessBlockConfiguration?: PublicAccessBlockConfiguration,
    seed?: (admin: Session) => Promise<unknown>,
  ) =>
  async (admin: Session) => {
    const { accountId: AccountId } = admin;
    if (PublicAccessBlockConfiguration)
      await admin
        .client(S3ControlClient)
        .send(new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration }));
    await seed?.(admin);
    return { resourceType: 'AWS::::Account', resourceId: AccountId };
  };

const publicByPolicy = bucket(({ Bucket }, client) =>
  client.send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
        },
      }),
    }),
  ),
);
const publicByAcl = bucket((named, client) =>
  client.send(new PutBucketAclCommand({ ...named, ACL: 'public-read' })),
);

describeRuleContract(rule, {
  compliant: { 'an account that blocks all public access': account(blockWithout([])) },
  nonCompliant: {
    'an account without a setting and with a private bucket': account(undefined, bucket()),
    'an account with one flag off': account(blockWithout(['RestrictPublicBuckets']), publicByAcl),
    'an account with two flags off': account(blockWithout(['IgnorePublicAcls', 'BlockPublicAcls'])),
  },
  manual: {
    'an account with a bucket that is public by its policy': account(undefined, publicByPolicy),
    'an account with a bucket in another Region that is public by its ACL': account(undefined, (admin) =>
      publicByAcl(admin.at('eu-central-1')),
    ),
  },
});
