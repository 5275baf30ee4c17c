import {
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetObjectLockConfigurationCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  S3Client,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  type PutBucketPolicyCommandInput,
} from '@aws-sdk/client-s3';
import { expectedBucketOwner, hasCode } from '@compliance/core';
import { ledgerBucket, sealedBucket } from '@compliance/infra';

import type { DeployContext } from '../context/deploy-context.ts';
import { assertSuccess, listAddresses, runInRoot, type Root } from './root.ts';

/**
 * Deletes from the buckets of the ledger what is not locked, before Terraform destroys them. Where something stays, Terraform
 * forgets the bucket: when it empties a bucket with Object Lock, it bypasses GOVERNANCE.
 */
export const keepLocked = async (context: DeployContext, home: Root): Promise<void> => {
  for (const [id, bucket] of [
    ['ledger', ledgerBucket(home.accountId)],
    ['sealed', sealedBucket(home.accountId)],
  ] as const) {
    const addresses = (await listAddresses(context, home)).filter((address) => isOf(id, address));
    const s3 = await context.client(S3Client, home);
    const place = { Bucket: bucket, ...expectedBucketOwner(bucket) };
    if (addresses.length === 0 || !(await canLock(s3, place))) continue;
    const kept = await withoutPolicy(s3, place, () => deleteUnlocked(s3, place, context.signal));
    if (kept.count === 0) continue;
    assertSuccess(home, 'state rm', await runInRoot(context, home, ['state', 'rm', ...addresses]));
    context.say(
      `${bucket} stays, with ${kept.count} object(s) that S3 does not delete, such as ${kept.example}: ${kept.reason} ` +
        'Locked objects can be deleted when their lock ends.',
    );
  }
};

const isOf = (id: string, address: string): boolean =>
  new RegExp(String.raw`^aws_s3_bucket(?:_\w+)?\.${id}(?:_lock\[0\])?$`).test(address);

type Place = Pick<PutBucketPolicyCommandInput, 'Bucket' | 'ExpectedBucketOwner'>;

const canLock = async (s3: S3Client, place: Place): Promise<boolean> => {
  try {
    const { ObjectLockConfiguration } = await s3.send(new GetObjectLockConfigurationCommand(place));
    return ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
  } catch (error) {
    if (hasCode(error, 'ObjectLockConfigurationNotFoundError', 'NoSuchBucket')) return false;
    throw error;
  }
};

/**
 * Acts while the bucket is without its own policy, which denies deletion, and puts it back however that ends. After a killed
 * process, the next run puts it back: before anything is destroyed, it applies what is deployed.
 */
const withoutPolicy = async <Result>(
  s3: S3Client,
  place: Place,
  act: () => Promise<Result>,
): Promise<Result> => {
  const policy = await policyOf(s3, place);
  if (policy === undefined) return act();
  try {
    await s3.send(new DeleteBucketPolicyCommand(place));
    return await act();
  } finally {
    await putBack(s3, place, policy);
  }
};

const putBack = async (s3: S3Client, place: Place, policy: string): Promise<void> => {
  try {
    await s3.send(new PutBucketPolicyCommand({ ...place, Policy: policy }));
  } catch (error) {
    throw new Error(
      `${place.Bucket} is without its policy, which could not be put back. Run the same command again: it puts it back first.`,
      { cause: error },
    );
  }
};

/** Deletes every version that is not locked. */
const deleteUnlocked = async (s3: S3Client, place: Place, signal: AbortSignal) => {
  const kept = { count: 0, example: '', reason: '' };
  for await (const Objects of versionsIn(s3, place)) {
    signal.throwIfAborted();
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ ...place, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first && kept.count === 0)
      Object.assign(kept, { example: first.Key, reason: `${first.Code}: ${first.Message}` });
    kept.count += Errors.length;
  }
  return kept;
};

/** All versions and delete markers, a page at a time. The SDK has no paginator for them. */
const versionsIn = async function* (s3: S3Client, place: Place): AsyncGenerator<ObjectIdentifier[]> {
  let next: Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'> | undefined = {};
  while (next) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ ...place, ...next }),
    );
    const { Versions = [], DeleteMarkers = [], NextKeyMarker, NextVersionIdMarker } = page;
    const found = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (found.length > 0) yield found;
    next = page.IsTruncated ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : undefined;
  }
};

const policyOf = async (s3: S3Client, place: Place): Promise<string | undefined> => {
  try {
    return (await s3.send(new GetBucketPolicyCommand(place))).Policy;
  } catch (error) {
    if (hasCode(error, 'NoSuchBucketPolicy')) return undefined;
    throw error;
  }
};
