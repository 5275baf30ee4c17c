import type { Call, RawReply } from '../protocol/call.ts';
import { text } from '../protocol/call.ts';
import { accessDenied } from '../protocol/service-error.ts';

/** Owners and policies of buckets, because the emulator lets every account into every bucket. */
export interface Buckets {
  readonly ownerOf: (bucket: string) => string | undefined;
  /** @throws {AwsError} AccessDenied when the call expects another owner of its bucket. */
  readonly assertExpectedOwner: (call: Call) => void;
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
    assertExpectedOwner: (call) => {
      const owner = owners.get(text(call, 'Bucket') ?? '');
      const expected = call.request.headers['x-amz-expected-bucket-owner'];
      if (call.service === 's3' && owner !== undefined && expected !== undefined && owner !== expected)
        throw accessDenied(call, `Access Denied: the bucket is not owned by ${expected}.`);
    },
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
