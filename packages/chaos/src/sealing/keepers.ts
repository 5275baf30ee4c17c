import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { failureKind, errorCode, explain } from '@compliance/core';
import { tableThrough } from '@compliance/core/simulation';
import {
  kmsSigner,
  keep,
  s3Store,
  tableCheckpoints,
  verify,
  type Hour,
  type ObjectStore,
  type Verification,
} from '@compliance/evidence';

import { HOUR_MS, MINUTE_MS } from '../base/faults.ts';
import { CLOCKS_OFF_MS } from './writers.ts';
import { END, KEY, START, effectOf, sealedOf, sessionOf, type Actor, type SealingWorld } from './world.ts';

const EVERY_MS = 10 * MINUTE_MS;
const FIRST_HOUR = '2026-11-29T10';

/** Has the keeper run every ten minutes, with a clock that may be an hour off, sometimes twice at once. */
export const playKeepers = (world: SealingWorld): void => {
  let running = 0;
  for (let time = START.getTime() + HOUR_MS; time < END.getTime() + HOUR_MS; time += EVERY_MS) {
    const keepers = world.random.chance(0.6) ? 2 : 1;
    for (let keeper = 0; keeper < keepers; keeper += 1) {
      const start = new Date(time + world.random.below(2000));
      const offMs = world.random.pick(CLOCKS_OFF_MS);
      world.scheduler.at(start, () => {
        running += 1;
        if (running > 1) world.counts.overlapping += 1;
        void runKeeper(world, offMs).finally(() => (running -= 1));
      });
    }
    world.scheduler.at(new Date(time), () => {
      world.key = world.random.chance(0.15)
        ? world.random.pick(['NotFoundException', 'DisabledException', 'AccessDeniedException'] as const)
        : 'usable';
    });
  }
};

/** One run of the keeper, and sometimes what verify then says of what is sealed. */
export const runKeeper = async (world: SealingWorld, offMs: number): Promise<void> => {
  const actor: Actor = { isDead: false };
  const effect = effectOf(world, actor);
  const session = sessionOf(world, effect);
  const client = session.client(S3Client);
  const table = tableThrough(effect, world.table);
  const now = () => new Date(world.scheduler.clock.now().getTime() + offMs);
  let left = world.isHealed ? Infinity : 5 + world.random.below(200);
  world.counts.keepers += 1;
  try {
    await keep(
      {
        intake: s3Store(client, 'intake'),
        sealed: sealedStore(world, s3Store(client, 'sealed')),
        signer: await kmsSigner(session.client(KMSClient), KEY),
        formerPrefix: 'ledger/',
        code: 'simulation',
        checkpoints: tableCheckpoints(table, now),
        mayGoOn: () => (left -= 1) > 0,
      },
      now(),
      { firstHour: FIRST_HOUR },
    );
  } catch (error) {
    const isExpected =
      actor.isDead || failureKind(error) === 'transient' || errorCode(error) === 'no-signing-key';
    if (!isExpected) world.surprises.push(`the keeper: ${explain(error)}`);
  }
  if (world.isHealed || world.random.chance(0.3)) await checkAnswer(world);
};

/** The sealed store. In a build without its memory, a keeper reads no manifest of an hour before. */
const sealedStore = ({ options }: SealingWorld, store: ObjectStore): ObjectStore => {
  if (options.build !== 'no-memory') return store;
  const own = new Set<string>();
  return {
    ...store,
    create: (key, bytes) => {
      own.add(key);
      return store.create(key, bytes);
    },
    read: async (key, limit) =>
      key.startsWith('manifests/') && !own.has(key) ? undefined : store.read(key, limit),
  };
};

/** What verify says until this hour, of what is sealed at this moment. */
export const verifyUntil = (world: SealingWorld, until: Hour): Promise<Verification> =>
  verify(sealedOf(world), { until, fingerprint: world.fingerprint });

/** The hour of the newest head; the first hour while there is none. */
export const newestHour = ({ buckets }: SealingWorld): Hour => {
  const heads = [...(buckets.get('sealed')?.keys() ?? [])].filter((key) =>
    /^heads\/.*hour=\d\d\.json$/.test(key),
  );
  const [, day, hour] = /dt=(.{10})\/hour=(\d\d)/.exec(heads.toSorted().at(-1) ?? '') ?? [];
  return day === undefined ? FIRST_HOUR : `${day}T${hour}`;
};

/** Before the first head, verify rightly says that there is none. */
const checkAnswer = async (world: SealingWorld): Promise<void> => {
  try {
    const { problem, periods } = await verifyUntil(world, newestHour(world));
    if (problem && periods > 0) world.surprises.push(`verify: ${problem.place}: ${problem.what}`);
  } catch (error) {
    world.surprises.push(`verify ended with an error: ${explain(error)}`);
  }
};
