import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { hasCode, type ConfigurationItem } from '@compliance/core/rule';
import { definePolicyDocument, parsePolicy } from '@compliance/policy-document';
import * as z from 'zod';

import { bucketOf } from './bucket.ts';

/** The policy of a bucket, by the bucket's name. */
export const bucketPolicy = definePolicyDocument({
  kind: 's3/bucket-policy',
  read: async (name, session) => {
    try {
      const command = new GetBucketPolicyCommand(bucketOf(name, session.accountId));
      return (await session.client(S3Client).send(command)).Policy;
    } catch (error) {
      if (hasCode(error, 'NoSuchBucketPolicy')) return undefined;
      throw error;
    }
  },
  write: async (name, Policy, session) => {
    const command = new PutBucketPolicyCommand({ ...bucketOf(name, session.accountId), Policy });
    await session.client(S3Client).send(command);
  },
  remove: async (name, session) => {
    await session.client(S3Client).send(new DeleteBucketPolicyCommand(bucketOf(name, session.accountId)));
  },
});

/** The policy's text in an item of AWS Config; `null`: the bucket has none. `undefined`: the item does not say. */
export const policyTextOf = (item: ConfigurationItem): string | null | undefined =>
  ItemPolicy.safeParse(item.supplementary['BucketPolicy']).data?.policyText;

const isPolicy = (text: string): boolean => {
  try {
    parsePolicy(text);
    return true;
  } catch {
    // S3 stores no such text, so the item is incomplete: the live policy decides.
    return false;
  }
};

const ItemPolicy = z.object({ policyText: z.string().refine(isPolicy).nullable() });
