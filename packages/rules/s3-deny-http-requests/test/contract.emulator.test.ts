import { GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { describeRuleContract } from '@compliance/core/testing';
import { bucket, bucketItem, ELSEWHERE, GONE, ifSet } from '@compliance/s3-bucket/testing';

import { rule } from '../src/rule.ts';

const withPolicy = (...statements: readonly ((arn: string) => object)[]) =>
  bucket(({ Bucket }, client) => {
    const Statement = statements.map((statement) => statement(`arn:aws:s3:::${Bucket}`));
    return client.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
    );
  });

const DENY = {
  Sid: 'DenyInsecureTransport',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const denial = (arn: string) => ({ ...DENY, Resource: [arn, `${arn}/*`] });
const ofObjects = (arn: string) => ({ ...DENY, Resource: `${arn}/*` });
const reader = (arn: string) => ({
  Sid: 'Reader',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: 's3:GetObject',
  Resource: `${arn}/*`,
});

describeRuleContract(rule, {
  compliant: { 'a bucket whose policy denies plain HTTP': withPolicy(reader, denial) },
  nonCompliant: {
    'a bucket without a policy': bucket(),
    'a bucket whose policy allows a reader': withPolicy(reader),
    'a bucket whose policy denies plain HTTP for objects only': withPolicy(ofObjects, reader),
  },
  elsewhere: ELSEWHERE,
  item: bucketItem(async (named, client) => {
    const answer = await ifSet(client.send(new GetBucketPolicyCommand(named)), 'NoSuchBucketPolicy');
    return { BucketPolicy: { policyText: answer?.Policy ?? null } };
  }),
  gone: GONE,
});
