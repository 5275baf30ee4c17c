import { Readable } from 'node:stream';

import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { expectedBucketOwner, hasCode } from '@compliance/core';

import { TooLongError, type ObjectStore } from './object-store.ts';

/** How long nobody may delete or overwrite an object (S3 Object Lock). */
export interface ObjectLock {
  /** Until when an object is locked; `undefined` for one that is not. */
  readonly until: (key: string) => Date | undefined;
  /** Under GOVERNANCE, an identity with a permission of its own may still delete; under COMPLIANCE nobody can. */
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
}

/** Objects in a bucket. With a lock, the bucket must have Object Lock enabled. */
export const s3Store = (client: S3Client, bucket: string, lock?: ObjectLock): ObjectStore => {
  const place = { Bucket: bucket, ...expectedBucketOwner(bucket) };
  return {
    describe: (key) => `s3://${bucket}/${key}`,

    create: async (key, bytes) => {
      const until = lock?.until(key);
      // S3 refuses a time that is over, such as that of something imported.
      const retention =
        lock && until && until > new Date()
          ? { ObjectLockMode: lock.mode, ObjectLockRetainUntilDate: until }
          : {};
      const put = () =>
        client.send(
          new PutObjectCommand({ ...place, Key: key, Body: bytes, IfNoneMatch: '*', ...retention }),
        );
      try {
        await retryConflict(put);
        return true;
      } catch (error) {
        if (hasCode(error, 'PreconditionFailed')) return false;
        throw error;
      }
    },

    read: async (key, limit) => {
      try {
        const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ ...place, Key: key }));
        if (ContentLength > limit) {
          // Otherwise the connection would wait for the rest.
          if (Body instanceof Readable) Body.destroy();
          throw new TooLongError(`s3://${bucket}/${key}`, limit);
        }
        if (Body) return Buffer.from(await Body.transformToByteArray());
      } catch (error) {
        if (hasCode(error, 'NoSuchKey', 'InvalidObjectState')) return undefined;
        throw error;
      }
      throw new Error(`Incomplete answer of S3: s3://${bucket}/${key} has no body.`);
    },

    list: async function* ({ prefix, after }) {
      const pages = paginateListObjectsV2(
        { client },
        { ...place, Prefix: prefix, ...(after !== undefined && { StartAfter: after }) },
      );
      for await (const { Contents = [] } of pages)
        for (const { Key: key = '' } of Contents)
          // The console marks a folder with an empty object.
          if (!key.endsWith('/')) yield key;
    },
  };
};

/** S3 answers 409 while another request creates the same object; the next answer is final. */
const retryConflict = async (put: () => Promise<unknown>): Promise<void> => {
  for (let tries = 0; ; tries += 1)
    try {
      await put();
      return;
    } catch (error) {
      if (tries === TRIES || !hasCode(error, 'ConditionalRequestConflict')) throw error;
    }
};

const TRIES = 5;
