import { Readable } from 'node:stream';

import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type GetObjectCommandOutput,
} from '@aws-sdk/client-s3';

import { awsError, on, type FakeAnswer } from './fake-session.ts';

/** The objects of each bucket, by their keys. */
export type Buckets = Map<string, Map<string, Buffer>>;

/** What S3 lists at once. */
const PAGE = 1000;

/** Stateful fakes of S3 that create each object once, read and list. */
export const bucketAnswers = (buckets: Buckets): readonly FakeAnswer[] => {
  const objectsOf = (bucket = '') => {
    const objects = buckets.get(bucket) ?? new Map<string, Buffer>();
    buckets.set(bucket, objects);
    return objects;
  };
  return [
    on(S3Client, PutObjectCommand, ({ Bucket, Key = '', Body = '', IfNoneMatch }) => {
      const objects = objectsOf(Bucket);
      if (IfNoneMatch === '*' && objects.has(Key))
        throw awsError('PreconditionFailed', `${Key} is there already`, 412);
      if (typeof Body !== 'string' && !(Body instanceof Uint8Array))
        throw new Error(`The fake of S3 takes texts and bytes, and no stream: ${Key}.`);
      objects.set(Key, Buffer.from(Body));
      return {};
    }),
    on(S3Client, GetObjectCommand, ({ Bucket, Key = '' }) => {
      const bytes = objectsOf(Bucket).get(Key);
      if (!bytes) throw awsError('NoSuchKey', `There is no ${Key}`, 404);
      return { Body: bodyOf(bytes), ContentLength: bytes.length };
    }),
    on(S3Client, ListObjectsV2Command, ({ Bucket, Prefix = '', StartAfter = '', ContinuationToken = '' }) => {
      const after = ContinuationToken || StartAfter;
      const keys = [...objectsOf(Bucket).keys()]
        .filter((key) => key.startsWith(Prefix) && key > after)
        .toSorted();
      const page = keys.slice(0, PAGE);
      const isTruncated = keys.length > PAGE;
      return {
        Contents: page.map((Key) => ({ Key })),
        IsTruncated: isTruncated,
        ...(isTruncated && { NextContinuationToken: page.at(-1) }),
      };
    }),
  ];
};

type Body = NonNullable<GetObjectCommandOutput['Body']>;

const bodyOf = (bytes: Buffer): Body => {
  const body = Object.assign(Readable.from([bytes]), {
    transformToByteArray: async () => new Uint8Array(bytes),
    transformToString: async () => bytes.toString('utf8'),
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing reads the stream of a web.
  return body as unknown as Body;
};
