import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { emulatedAccount } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { s3Ledger } from '../src/s3-ledger.ts';
import { evaluated } from './events.ts';

const emptyBucket = async () => {
  const { admin, accountId } = await emulatedAccount();
  const client = admin.client(S3Client);
  const Bucket = `ledger-${accountId}`;
  await client.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  return { client, Bucket };
};

const first = evaluated('a', 'COMPLIANT', '2026-11-20T10:00:00Z');
const second = evaluated('b', 'NON_COMPLIANT', '2026-11-21T10:00:00Z');
const third = evaluated('c', 'COMPLIANT', '2026-11-22T10:00:00Z');

const KEY =
  /^intake\/class=verdicts\/arrived=2026-11-22T10\/shard=[0-3][0-9a-f]\/\d{8}T\d{9}Z-[0-9a-f]{16}\.ndjson$/;

test('appended events are read in order, and a repeated append is one object', async () => {
  const { client, Bucket } = await emptyBucket();
  const ledger = s3Ledger(client, Bucket, () => new Date('2026-11-22T10:00:00Z'));
  await ledger.append([third, first]);
  await ledger.append([second]);
  await ledger.append([second]);

  // One file holds the first and the third.
  await expect(Array.fromAsync(ledger.read())).resolves.toEqual([third, first, second]);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents.map(({ Key }) => Key)).toEqual([expect.stringMatching(KEY), expect.stringMatching(KEY)]);
});

test('a range reads only its own events', async () => {
  const { client, Bucket } = await emptyBucket();
  const ledger = s3Ledger(client, Bucket, () => new Date('2026-11-22T10:00:00Z'));
  await ledger.append([first, second, third]);
  const range = { from: new Date('2026-11-21T00:00:00Z'), to: new Date('2026-11-22T00:00:00Z') };
  await expect(Array.fromAsync(ledger.read(range))).resolves.toEqual([second]);
});

test('a malformed object is an error with its key and line', async () => {
  const { client, Bucket } = await emptyBucket();
  await client.send(new PutObjectCommand({ Bucket, Key: 'ledger/2026/11/20/x.ndjson', Body: 'nonsense\n' }));
  await expect(Array.fromAsync(s3Ledger(client, Bucket).read())).rejects.toThrow(
    `s3://${Bucket}/ledger/2026/11/20/x.ndjson, line 1`,
  );
});
