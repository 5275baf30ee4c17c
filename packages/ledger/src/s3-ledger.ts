import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { expectedBucketOwner, hasCode } from '@compliance/core';

import { createLedger, type Ledger } from './ledger.ts';
import { GONE, type Store } from './store.ts';

/** A ledger in a bucket: `s3://bucket/intake/class=actions/…`. */
export const s3Ledger = (client: S3Client, bucket: string, now?: () => Date): Ledger => {
  const place = { Bucket: bucket, ...expectedBucketOwner(bucket) };
  const store: Store = {
    describe: (key) => `s3://${bucket}/${key}`,

    writeOnce: async (key, text) => {
      try {
        await client.send(
          new PutObjectCommand({
            ...place,
            Key: key,
            Body: text,
            ContentType: 'application/x-ndjson',
            IfNoneMatch: '*',
          }),
        );
      } catch (error) {
        // An earlier try wrote the same append.
        if (!hasCode(error, 'PreconditionFailed')) throw error;
      }
    },

    list: async function* ({ prefix, after, until }) {
      const pages = paginateListObjectsV2(
        { client },
        {
          ...place,
          Prefix: prefix,
          ...(after !== undefined && { StartAfter: after }),
        },
      );
      for await (const { Contents = [] } of pages)
        for (const { Key: key = '' } of Contents) {
          if (until !== undefined && key > until) return;
          // The console marks a folder with an empty object.
          if (!key.endsWith('/')) yield key;
        }
    },

    read: async (key) => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ ...place, Key: key }));
        if (Body) return { text: await Body.transformToString() };
      } catch (error) {
        if (hasCode(error, 'NoSuchKey', 'InvalidObjectState')) return { problem: GONE };
        throw error;
      }
      throw new Error(`Incomplete answer of S3: s3://${bucket}/${key} has no body.`);
    },
  };
  return createLedger(store, { formerPrefixes: ['ledger/'], ...(now && { now }) });
};
