import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { emulatedAccount } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { s3Ledger } from '../src/s3-ledger.ts';
import type { Skipped } from '../src/skipped.ts';
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

test('malformed and foreign objects are left out with their keys, and all others are read', async () => {
  const { client, Bucket } = await emptyBucket();
  const ledger = s3Ledger(client, Bucket, () => new Date('2026-11-22T10:00:00Z'));
  await ledger.append([first]);
  for (const Key of [
    'ledger/2026/11/20/x.ndjson',
    'ledger/2026/11/20/notes.txt',
    'intake/class=verdicts/mine/',
  ])
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'nonsense\n' }));
  const places: string[] = [];
  const onSkipped = ({ place }: Skipped) => void places.push(place);
  await expect(Array.fromAsync(ledger.read({ onSkipped }))).resolves.toEqual([first]);
  expect(places.toSorted()).toEqual([
    `s3://${Bucket}/ledger/2026/11/20/notes.txt`,
    `s3://${Bucket}/ledger/2026/11/20/x.ndjson, line 1`,
  ]);
});

test('an object that expires between its listing and its reading is left out', async () => {
  const { client, Bucket } = await emptyBucket();
  const ledger = s3Ledger(client, Bucket, () => new Date('2026-11-22T10:00:00Z'));
  await ledger.append([first]);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'GetObjectCommand')
          for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket, Key }));
        return next(args);
      },
    { step: 'initialize' },
  );
  const skipped: Skipped[] = [];
  const onSkipped = (one: Skipped) => void skipped.push(one);
  await expect(Array.fromAsync(ledger.read({ onSkipped }))).resolves.toEqual([]);
  expect(skipped).toMatchObject([{ problem: 'It is gone or archived.' }]);
});
