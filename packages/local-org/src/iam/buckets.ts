import type { Call, RawReply } from '../protocol/call.ts';
import { text } from '../protocol/call.ts';

/** Owners and policies of buckets, because the emulator lets every account into every bucket. */
export interface Buckets {
  readonly ownerOf: (bucket: string) => string | undefined;
  /** JSON, exactly as in PutBucketPolicy. */
  readonly policyOf: (bucket: string) => string | undefined;
  /** Receives every completed call. */
  readonly onCompleted: (call: Call, reply: RawReply) => void;
}

export const createBuckets = (): Buckets => {
  const owners = new Map<string, string>();
  const policies = new Map<string, string>();
  return {
    ownerOf: (bucket) => owners.get(bucket),
    policyOf: (bucket) => policies.get(bucket),
    onCompleted: (call, { status }) => {
      const bucket = text(call, 'Bucket');
      if (call.service !== 's3' || bucket === undefined || status >= 300) return;
      if (call.operation === 'CreateBucket' && !owners.has(bucket)) owners.set(bucket, call.accountId);
      if (call.operation === 'DeleteBucket') owners.delete(bucket);
      if (call.operation === 'PutBucketPolicy') policies.set(bucket, call.request.body.toString());
      if (call.operation === 'DeleteBucket' || call.operation === 'DeleteBucketPolicy')
        policies.delete(bucket);
    },
  };
};
