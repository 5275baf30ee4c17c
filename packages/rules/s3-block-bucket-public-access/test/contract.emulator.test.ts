import {
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  type PublicAccessBlockConfiguration,
} from '@aws-sdk/client-s3';
import {
  PutPublicAccessBlockCommand as PutAccountBlockCommand,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { describeRuleContract } from '@compliance/core/testing';
import { blockWithout } from '@compliance/s3-bucket';
import { bucket, bucketItem, ELSEWHERE, GONE, ifSet } from '@compliance/s3-bucket/testing';

import { rule } from '../src/rule.ts';

const blocked = (PublicAccessBlockConfiguration: PublicAccessBlockConfiguration) =>
  bucket((named, client) =>
    client.send(new PutPublicAccessBlockCommand({ ...named, PublicAccessBlockConfiguration })),
  );

/** AWS Config leaves the setting out of the item if it was never made. */
const item = bucketItem(async (named, client) => {
  const reply = client.send(new GetPublicAccessBlockCommand(named));
  const block = (await ifSet(reply, 'NoSuchPublicAccessBlockConfiguration'))?.PublicAccessBlockConfiguration;
  if (block === undefined) return {};
  return {
    PublicAccessBlockConfiguration: {
      blockPublicAcls: block.BlockPublicAcls,
      ignorePublicAcls: block.IgnorePublicAcls,
      blockPublicPolicy: block.BlockPublicPolicy,
      restrictPublicBuckets: block.RestrictPublicBuckets,
    },
  };
});

describeRuleContract(rule, {
  compliant: {
    'a bucket that blocks all public access': blocked(blockWithout([])),
    'a bucket whose missing flags the account has': bucket(async (named, client, admin) => {
      const PublicAccessBlockConfiguration = blockWithout(['IgnorePublicAcls', 'RestrictPublicBuckets']);
      await client.send(new PutPublicAccessBlockCommand({ ...named, PublicAccessBlockConfiguration }));
      await admin.client(S3ControlClient).send(
        new PutAccountBlockCommand({
          AccountId: admin.accountId,
          PublicAccessBlockConfiguration: blockWithout(['BlockPublicAcls', 'BlockPublicPolicy']),
        }),
      );
    }),
  },
  nonCompliant: {
    'a bucket without a setting of its own': bucket(),
    'a bucket with one flag off': blocked(blockWithout(['RestrictPublicBuckets'])),
    'a bucket that is public by its policy': bucket(({ Bucket }, client) =>
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
    ),
  },
  elsewhere: ELSEWHERE,
  item,
  gone: GONE,
});
