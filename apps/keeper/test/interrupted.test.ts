import { generateKeyPairSync, sign } from 'node:crypto';

import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { AccountId, auditEvent } from '@compliance/core';
import {
  answersThrough,
  bucketAnswers,
  fakeSession,
  memoryTable,
  on,
  tableThrough,
  type Buckets,
  type Effect,
} from '@compliance/core/testing';
import { kmsSigner, s3Store, sha256, tableCheckpoints, verify } from '@compliance/evidence';
import { s3Ledger } from '@compliance/ledger';
import { expect, test } from 'vitest';

import { createHandler } from '../src/handler.ts';

const KEY = 'arn:aws:kms:eu-west-1:999988887777:key/1234abcd';
const NOW = new Date('2026-11-29T13:30:00Z');
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const FINGERPRINT = sha256(publicKey.export({ format: 'der', type: 'spki' }));

const keyAnswers = [
  on(KMSClient, GetPublicKeyCommand, () => ({
    PublicKey: publicKey.export({ format: 'der', type: 'spki' }),
  })),
  on(KMSClient, SignCommand, ({ Message = new Uint8Array() }) => ({
    Signature: sign(null, Message, privateKey),
  })),
];

const sessionOf = (buckets: Buckets, effect: Effect) =>
  fakeSession({
    allow: ['s3:PutObject', 's3:GetObject', 's3:ListBucket', 'kms:GetPublicKey', 'kms:Sign'],
    answers: [
      ...answersThrough(effect, 's3', bucketAnswers(buckets)),
      ...answersThrough(effect, 'kms', keyAnswers),
    ],
  });

const decision = (number: number, time: Date) =>
  auditEvent(
    {
      type: 'plan-decided',
      accountId: AccountId.parse(String(111_122_223_333 + number)),
      planId: `plan-${number}`,
      decision: 'approved',
    },
    time,
    `decision-${number}`,
  );

const always: Effect = async (_, act) => act();

/** A ledger and what a keeper writes to, all of which outlive a run. */
const openWorld = async () => {
  const buckets: Buckets = new Map();
  const table = memoryTable();
  const said: object[] = [];
  const append = async (time: string, ...numbers: readonly number[]) => {
    const arrived = new Date(time);
    const ledger = s3Ledger(sessionOf(buckets, always).client(S3Client), 'intake', () => arrived);
    await ledger.append(numbers.map((number) => decision(number, arrived)));
  };
  /** One run. Each call of AWS is an effect. */
  const run = (effect: Effect = always) => {
    const session = sessionOf(buckets, effect);
    const [s3, kms] = [session.client(S3Client), session.client(KMSClient)];
    const rows = tableThrough(effect, table);
    const handler = createHandler(async () => ({
      intake: s3Store(s3, 'intake'),
      sealed: s3Store(s3, 'sealed'),
      copies: s3Store(s3, 'copies'),
      signer: await kmsSigner(kms, KEY),
      formerPrefix: 'ledger/',
      code: 'test',
      checkpoints: tableCheckpoints(rows, () => NOW),
      table: rows,
      now: () => NOW,
      buildDailyState: () => Promise.resolve(undefined),
      say: (line) => void said.push(line),
    }));
    return handler({ through: '2026-11-29T13' }, { getRemainingTimeInMillis: () => 900_000 });
  };
  // Before the first hour, and what a second append repeats.
  await append('2026-11-28T09:00:00Z', 1);
  await append('2026-11-29T12:10:00Z', 1, 2);
  await append('2026-11-29T13:10:00Z', 2, 3);
  return { buckets, rows: table.rows, said, run };
};
type World = Awaited<ReturnType<typeof openWorld>>;

const objectsIn = ({ buckets }: World, ...names: readonly string[]) =>
  names.map((name) =>
    [...(buckets.get(name) ?? [])].map(([key, bytes]) => `${key} ${bytes.toString('base64')}`).toSorted(),
  );

const headsIn = ({ rows }: World) => rows().filter(({ pk }) => pk === 'keeper#heads');

/** Everything that an undisturbed run leaves, which verifies. */
const undisturbed = async () => {
  const world = await openWorld();
  await world.run();
  const client = sessionOf(world.buckets, always).client(S3Client);
  const verified = await verify(s3Store(client, 'sealed'), {
    until: '2026-11-29T14',
    fingerprint: FINGERPRINT,
    copies: s3Store(client, 'copies'),
  });
  expect(verified).toMatchObject({ periods: 3, lines: 3, signer: 'proven' });
  expect(verified.problem).toBeUndefined();
  return world;
};

/** However its runs ended, a world has the same objects, copies and heads in the end. */
const expectSame = (world: World, whole: World) => {
  expect(objectsIn(world, 'sealed', 'copies')).toEqual(objectsIn(whole, 'sealed', 'copies'));
  expect(headsIn(world)).toEqual(headsIn(whole));
};

/** A run that ends after a call, which had its effect: to end before a call is to end after the one before. */
const killedAfter = (call: number): Effect => {
  let calls = 0;
  const killed = () => new Error('The run was killed.');
  return async (_, act) => {
    calls += 1;
    if (calls > call) throw killed();
    const answer = await act();
    if (calls === call) throw killed();
    return answer;
  };
};

test('a keeper that is killed after any call of S3, DynamoDB or KMS loses nothing and seals nothing twice', async () => {
  const whole = await undisturbed();
  for (let call = 1; ; call += 1) {
    const world = await openWorld();
    const isKilled = await world.run(killedAfter(call)).then(
      () => false,
      () => true,
    );
    await world.run();
    expectSame(world, whole);
    if (isKilled) continue;
    expect(call).toBeGreaterThan(40);
    return;
  }
});

test('two keepers of which one overtakes the other at any call seal what one would', async () => {
  const whole = await undisturbed();
  for (let call = 1; ; call += 1) {
    const world = await openWorld();
    let calls = 0;
    let isOvertaken = false;
    const overtaken: Effect = async (_, act) => {
      calls += 1;
      if (calls === call) {
        isOvertaken = true;
        await world.run();
      }
      return act();
    };
    await world.run(overtaken);
    expectSame(world, whole);
    if (isOvertaken) continue;
    expect(call).toBeGreaterThan(40);
    return;
  }
});
