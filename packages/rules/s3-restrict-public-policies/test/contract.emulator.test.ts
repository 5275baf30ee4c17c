import {
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describeRuleContract } from '@compliance/core/testing';
import { policyFixtures } from '@compliance/public-policies/testing';
import { blockWithout } from '@compliance/s3-bucket';
import { bucket, bucketItem, ELSEWHERE, GONE, ifSet } from '@compliance/s3-bucket/testing';

import { rule } from '../src/rule.ts';

const { compliant, nonCompliant, onlyForEverybody } = policyFixtures({
  action: 's3:ListBucket',
  seed: (policyOf, admin) =>
    bucket(async ({ Bucket }, client) => {
      if (policyOf)
        await client.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(`arn:aws:s3:::${Bucket}`) }));
    })(admin),
});

describeRuleContract(rule, {
  compliant: {
    ...compliant,
    'a public policy that Block Public Access restricts': async (admin) => {
      const resource = await onlyForEverybody(admin);
      await admin.client(S3Client).send(
        new PutPublicAccessBlockCommand({
          Bucket: resource.resourceId,
          PublicAccessBlockConfiguration: blockWithout(['BlockPublicAcls', 'IgnorePublicAcls']),
        }),
      );
      return resource;
    },
  },
  nonCompliant: { ...nonCompliant, 'a policy for everybody alone': onlyForEverybody },
  elsewhere: ELSEWHERE,
  item: bucketItem(async (named, client) => {
    const answer = await ifSet(client.send(new GetBucketPolicyCommand(named)), 'NoSuchBucketPolicy');
    return { BucketPolicy: { policyText: answer?.Policy ?? null } };
  }),
  gone: GONE,
});
