import { ListObjectsV2Command, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AccountId, auditEvent, createSession } from '@compliance/core';
import { s3Store } from '@compliance/evidence';
import { ledgerBucket, sealedBucket, settingsBucket } from '@compliance/infra';
import { s3Ledger } from '@compliance/ledger';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { SETTINGS_KEY, readStoredJson } from '@compliance/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createBucket } from './buckets.ts';
import { REGION } from './story.ts';

const FOREIGN_KEY =
  'intake/class=actions/arrived=2026-11-29T10/shard=00/20261129T100000000Z-0123456789abcdef.ndjson';
const DENIED = { name: 'AccessDenied' };

let org: LocalOrg;
let master: string;
let stranger: string;

/** Takes a name of ours first, and lets everybody in, so that the owner alone is what can refuse. */
const takeName = async (Bucket: string, Key: string) => {
  await createBucket(org, stranger, Bucket);
  const s3 = org.client(S3Client, stranger);
  const open = { Effect: 'Allow', Principal: '*', Action: 's3:*' };
  const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...open, Resource }] });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }));
};

/** Everything in a bucket, as its owner lists it. */
const keysIn = async (Bucket: string) =>
  ((await org.client(S3Client, stranger).send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(
    ({ Key }) => Key,
  );

beforeAll(async () => {
  org = await startLocalOrg({ homeRegion: REGION, members: [{ name: 'stranger' }] });
  master = org.organization.master.id;
  stranger = org.organization.members[0]?.id ?? '';
});
afterAll(() => org.stop());

test('a ledger whose bucket another account took first is neither written nor read', async () => {
  const bucket = ledgerBucket(master);
  await takeName(bucket, FOREIGN_KEY);
  const ledger = s3Ledger(org.client(S3Client, master), bucket);
  const event = auditEvent(
    {
      type: 'plan-decided',
      accountId: AccountId.parse(stranger),
      planId: 'plan-1',
      decision: 'approved',
    },
    new Date('2026-11-29T10:00:00Z'),
    'decision-1',
  );
  await expect(ledger.append([event])).rejects.toMatchObject(DENIED);
  await expect(Array.fromAsync(ledger.read())).rejects.toMatchObject(DENIED);
  await expect(keysIn(bucket)).resolves.toEqual([FOREIGN_KEY]);
});

test('settings from a bucket of another account decide nothing', async () => {
  const bucket = settingsBucket(master);
  await takeName(bucket, SETTINGS_KEY);
  const session = createSession({
    accountId: AccountId.parse(master),
    region: REGION,
    endpoint: org.endpointUrl,
    credentials: org.credentials(master),
  });
  await expect(readStoredJson(session, bucket, SETTINGS_KEY)).rejects.toMatchObject(DENIED);
});

test('a sealed store whose bucket another account took first is neither written nor read', async () => {
  const bucket = sealedBucket(master);
  await takeName(bucket, FOREIGN_KEY);
  const store = s3Store(org.client(S3Client, master), bucket);
  await expect(store.create('head', Buffer.from('{}'))).rejects.toMatchObject(DENIED);
  await expect(store.read(FOREIGN_KEY, 1024)).rejects.toMatchObject(DENIED);
  await expect(Array.fromAsync(store.list({ prefix: '' }))).rejects.toMatchObject(DENIED);
  await expect(keysIn(bucket)).resolves.toEqual([FOREIGN_KEY]);
});
