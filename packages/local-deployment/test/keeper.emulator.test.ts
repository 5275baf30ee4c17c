import { join } from 'node:path';

import { CreateKeyCommand, GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AccountId, auditEvent } from '@compliance/core';
import {
  headKey,
  hourOf,
  hoursLater,
  openSealedHours,
  publicKeyOfDer,
  s3Store,
  startOf,
  verify,
} from '@compliance/evidence';
import { KEEPER, ledgerBucket, sealedBucket } from '@compliance/infra';
import { s3Ledger } from '@compliance/ledger';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { deployLocally, localSettings } from '../src/index.ts';

const apps = join(import.meta.dirname, '../../../apps');
const LOCK_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

let org: LocalOrg;
let signingKeyArn: string;

beforeAll(async () => {
  org = await startLocalOrg({ homeRegion: 'eu-west-1', members: [{ name: 'team-a' }] });
  const { KeyMetadata } = await inMaster(KMSClient).send(
    new CreateKeyCommand({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' }),
  );
  signingKeyArn = KeyMetadata?.Arn ?? '';
  await deployLocally(org, {
    settings: localSettings(org, { ledger: { signingKeyArn, lockDays: LOCK_DAYS } }),
    rules: [],
    zips: {
      rule: join(apps, 'evaluate/dist/function.zip'),
      remediation: join(apps, 'remediate/dist/function.zip'),
    },
    keeperZip: join(apps, 'keeper/dist/function.zip'),
  });
});
afterAll(() => org.stop());

const master = () => org.organization.master.id;
const inMaster = <C>(client: Parameters<typeof org.client<C>>[0]) => org.client(client, master());

test('the deployed keeper seals with its own role, signs with KMS and locks each object from its hour on', async () => {
  // The last hour of yesterday, which completes a day.
  const hour = hoursLater(hourOf(new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`)), -1);
  // As of a keeper that was deployed yesterday: what is before its first hour is imported.
  await inMaster(S3Client).send(
    new PutObjectCommand({
      Bucket: sealedBucket(master()),
      Key: 'begin.json',
      Body: JSON.stringify({ firstHour: hour, firstDay: hour.slice(0, 10), importedDays: [] }),
    }),
  );
  const time = startOf(hour);
  const events = Array.from({ length: 20 }, (_, index) =>
    auditEvent(
      {
        type: 'plan-decided',
        accountId: AccountId.parse(String(111_122_223_333 + index)),
        planId: `plan-${index}`,
        decision: 'approved',
      },
      time,
      `decision-${index}`,
    ),
  );
  await s3Ledger(inMaster(S3Client), ledgerBucket(master()), () => time).append(events);

  const run = async () => {
    const answer = await inMaster(LambdaClient).send(
      new InvokeCommand({
        FunctionName: KEEPER,
        // At least: in the first minutes of a day, the last hour before it is not due yet.
        Payload: Buffer.from(JSON.stringify({ through: hour })),
      }),
    );
    return JSON.parse(answer.Payload?.transformToString() ?? '') as unknown;
  };
  // Two at once, as by a schedule and a person.
  for (const report of await Promise.all([run(), run()]))
    expect(report).toMatchObject({ keeper: 'run', verified: true });

  const store = s3Store(inMaster(S3Client), sealedBucket(master()));
  const { PublicKey } = await inMaster(KMSClient).send(new GetPublicKeyCommand({ KeyId: signingKeyArn }));
  const { fingerprint } = publicKeyOfDer(PublicKey ?? new Uint8Array());
  const verified = await verify(store, { until: hoursLater(hour, 1), fingerprint });
  expect(verified).toMatchObject({ lines: events.length, signer: 'proven' });
  expect(verified.problem).toBeUndefined();
  const opened = await openSealedHours(store, { from: hour, to: hoursLater(hour, 1) });
  const sealed = opened ? await Array.fromAsync(opened.events()) : [];
  expect(sealed.map(({ id }) => id).toSorted()).toEqual(events.map(({ id }) => id).toSorted());

  // Again where another hour has become due meanwhile.
  await expect.poll(run, { timeout: 60_000 }).toMatchObject({ sealed: [], state: hour.slice(0, 10) });
  const states = await Array.fromAsync(store.list({ prefix: `state/dt=${hour.slice(0, 10)}/` }));
  expect(states.filter((key) => key.endsWith('/snapshot.json'))).toHaveLength(1);

  const locked = await inMaster(S3Client).send(
    new HeadObjectCommand({ Bucket: sealedBucket(master()), Key: headKey(hour) }),
  );
  expect(locked).toMatchObject({
    ObjectLockMode: 'GOVERNANCE',
    ObjectLockRetainUntilDate: new Date(time.getTime() + LOCK_DAYS * DAY_MS),
  });
});
