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
  /** One run. Each call of AWS is an effect. A run that is dead says nothing. */
  const run = (effect: Effect = always, isDead = () => false) => {
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
      say: (line) => void (isDead() || said.push(line)),
    }));
    return handler({ through: '2026-11-29T13' }, { getRemainingTimeInMillis: () => 900_000 });
  };
  // Before the first hour, and what a second append repeats.
  await append('2026-11-28T09:00:00Z', 1);
  await append('2026-11-29T12:10:00Z', 1, 2);
  await append('2026-11-29T13:10:00Z', 2, 3);
  return { buckets, table, rows: table.rows, said, run };
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

/** Ends a run after a call, which had its effect: to end before a call is to end after the one before. */
const killAfter = (call: number) => {
  let calls = 0;
  const killed = () => new Error('The run was killed.');
  const effect: Effect = async (_, act) => {
    calls += 1;
    if (calls > call) throw killed();
    const answer = await act();
    if (calls === call) throw killed();
    return answer;
  };
  return { effect, isDead: () => calls >= call };
};

test('a keeper that is killed after any call of S3, DynamoDB or KMS loses nothing and seals nothing twice', async () => {
  const whole = await undisturbed();
  for (let call = 1; ; call += 1) {
    const world = await openWorld();
    const { effect, isDead } = killAfter(call);
    await world.run(effect, isDead).catch(() => {});
    await world.run();
    expectSame(world, whole);
    if (isDead()) continue;
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

/** Hour 12 leaves two things out, and is altered as soon as it is sealed; of hour 13, another head is known. */
const openSuspiciousWorld = async () => {
  const world = await openWorld();
  const intake = world.buckets.get('intake');
  const [written = ''] = [...(intake?.keys() ?? [])].filter((key) => key.includes('arrived=2026-11-29T12'));
  intake?.set(`${written.slice(0, written.lastIndexOf('/'))}/foreign`, Buffer.from('?'));
  intake?.set(written, Buffer.concat([intake.get(written) ?? Buffer.of(), Buffer.from('no event\n')]));
  await world.table.put({
    pk: 'keeper#heads',
    sk: '2026-11-29T13',
    data: { sha256: 'f'.repeat(64) },
    expected: 0,
  });
  const alterOnceSealed = (): void => {
    const sealed = world.buckets.get('sealed');
    if (sealed?.has('heads/dt=2026-11-29/hour=12.json'))
      sealed.set('taken/dt=2026-11-29/hour=12.json', Buffer.from('{}'));
  };
  return {
    ...world,
    run: (inner: Effect = always, isDead?: () => boolean) =>
      world.run(async (place, act) => {
        const answer = await inner(place, act);
        alterOnceSealed();
        return answer;
      }, isDead),
  };
};

test('what a run finds is said by it or by the next one, however it ends', async () => {
  for (let call = 1; ; call += 1) {
    const { run, said } = await openSuspiciousWorld();
    const { effect, isDead } = killAfter(call);
    await run(effect, isDead).catch(() => {});
    await run();
    for (const finding of [
      { keeper: 'head', period: '2026-11-29T12', leftOut: 2 },
      { keeper: 'problem', period: '2026-11-29T12', place: 's3://sealed/taken/dt=2026-11-29/hour=12.json' },
      { keeper: 'problem', period: '2026-11-29T13', what: expect.stringContaining('sealed again') },
    ])
      expect(said, `killed after call ${call}`).toContainEqual(expect.objectContaining(finding));
    if (isDead()) continue;
    expect(call).toBeGreaterThan(40);
    return;
  }
});
