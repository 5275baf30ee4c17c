import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { hasCode } from '@compliance/core';

import { createLedger, type Ledger } from './ledger.ts';

/** A ledger in a bucket, below a prefix: `s3://bucket/prefix/2026/11/20/…`. */
export const s3Ledger = (client: S3Client, bucket: string, prefix = 'ledger'): Ledger => {
  const objectKey = (key: string) => `${prefix}/${key}`;
  return createLedger({
    describe: (key) => `s3://${bucket}/${objectKey(key)}`,

    writeOnce: async (key, text) => {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: objectKey(key),
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

    list: async function* ({ after, until }) {
      const pages = paginateListObjectsV2(
        { client },
        {
          Bucket: bucket,
          Prefix: `${prefix}/`,
          ...(after !== undefined && { StartAfter: objectKey(after) }),
        },
      );
      for await (const { Contents = [] } of pages)
        for (const { Key = '' } of Contents) {
          const key = Key.slice(prefix.length + 1);
          if (until !== undefined && key > until) return;
          if (key.endsWith('.ndjson')) yield key;
        }
    },

    read: async (key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: objectKey(key) }));
      if (Body) return Body.transformToString();
      throw new Error(`Incomplete answer of S3: s3://${bucket}/${objectKey(key)} has no body.`);
    },
  });
};
