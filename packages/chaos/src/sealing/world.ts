import { generateKeyPairSync, sign } from 'node:crypto';

import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Session } from '@compliance/core';
import {
  answersThrough,
  awsError,
  bucketAnswers,
  createScheduler,
  fakeSession,
  memoryTable,
  on,
  seededRandom,
  type Buckets,
  type Effect,
  type MemoryTable,
  type Scheduler,
  type SeededRandom,
} from '@compliance/core/simulation';
import { s3Store, sha256, type ObjectStore } from '@compliance/evidence';
import * as z from 'zod';

import { HOUR_MS, unavailable } from '../base/faults.ts';

export interface SealingOptions {
  readonly seed: number;
  readonly events: number;
  readonly writers: number;
  readonly build?: BrokenSealing | undefined;
}

/** Builds that lack one guarantee, which a simulation must find. */
export const BROKEN_SEALING = ['no-outbox', 'no-memory'] as const;
type BrokenSealing = (typeof BROKEN_SEALING)[number];

export const START = new Date('2026-11-29T10:00:00Z');
/** So long the writers write. */
const WRITING_HOURS = 4;
export const END = new Date(START.getTime() + WRITING_HOURS * HOUR_MS);
export const KEY = 'arn:aws:kms:eu-west-1:999988887777:key/simulated';

/** Everything that happens in one simulation, and everything that it happens to. */
export interface SealingWorld {
  readonly options: SealingOptions;
  readonly random: SeededRandom;
  readonly scheduler: Scheduler;
  readonly buckets: Buckets;
  readonly table: MemoryTable;
  /** The fingerprint of the key that signs. */
  readonly fingerprint: string;
  /** How often each event arrived in the log and in the topic, by its id. */
  readonly received: Readonly<Record<'log' | 'topic', Map<string, number>>>;
  /** The ids of the events that a writer was told are published. */
  readonly published: Set<string>;
  /** The ids of the events that writers tried to publish. */
  readonly written: Set<string>;
  /** Those of which people are notified. */
  readonly forPeople: Set<string>;
  /** Objects and lines of strangers, each of which a manifest must count. */
  readonly strange: { objects: number; lines: number };
  readonly counts: { appends: number; kills: number; faults: number; keepers: number; overlapping: number };
  /** What a keeper failed by that was neither a fault nor a kill, and what verify did not answer. */
  readonly surprises: string[];
  /** Whether the key can be used. */
  key: 'usable' | 'NotFoundException' | 'DisabledException' | 'AccessDeniedException';
  /** Whether faults and kills are over. */
  isHealed: boolean;
}

export const createSealingWorld = (options: SealingOptions): SealingWorld => {
  const random = seededRandom(options.seed);
  return {
    options,
    random,
    scheduler: createScheduler(START, random),
    buckets: new Map(),
    table: memoryTable(),
    fingerprint: sha256(PAIR.publicKey.export({ format: 'der', type: 'spki' })),
    received: { log: new Map(), topic: new Map() },
    published: new Set(),
    written: new Set(),
    forPeople: new Set(),
    strange: { objects: 0, lines: 0 },
    counts: { appends: 0, kills: 0, faults: 0, keepers: 0, overlapping: 0 },
    surprises: [],
    key: 'usable',
    isHealed: false,
  };
};

/** Signatures by Ed25519 follow from key and message: no figure depends on which key it is. */
const PAIR = generateKeyPairSync('ed25519');

/** One run of a function: it may be killed at any of its calls. */
export interface Actor {
  isDead: boolean;
}

/** A call that fails although its service is there. */
const FAULT_RATE = 0.02;
const KILL_RATE = 0.005;

const killed = () => new Error('The run was killed.');

/** Each call waits for its turn; then its run may end there, before or after it, or it may fail, done or not. */
export const effectOf =
  (world: SealingWorld, actor: Actor): Effect =>
  async (place, act) => {
    const { random, counts } = world;
    await world.scheduler.turn();
    if (actor.isDead) throw killed();
    const roll = world.isHealed ? 1 : random.next();
    if (roll >= KILL_RATE + FAULT_RATE) return act();
    if (random.chance(0.5)) await act();
    if (roll >= KILL_RATE) {
      counts.faults += 1;
      throw unavailable(place);
    }
    actor.isDead = true;
    counts.kills += 1;
    throw killed();
  };

/** A session whose calls of S3, KMS, CloudWatch Logs and SNS are effects of this run. */
export const sessionOf = (world: SealingWorld, effect: Effect): Session =>
  fakeSession({
    allow: [
      's3:PutObject',
      's3:GetObject',
      's3:ListBucket',
      'kms:GetPublicKey',
      'kms:Sign',
      'logs:PutLogEvents',
      'logs:CreateLogStream',
      'sns:PublishBatch',
      'sns:Publish',
    ],
    answers: [
      ...answersThrough(effect, 's3', bucketAnswers(world.buckets)),
      ...answersThrough(effect, 'kms', keyAnswers(world)),
      ...answersThrough(effect, 'log', logAnswers(world)),
      ...answersThrough(effect, 'topic', topicAnswers(world)),
    ],
  });

/** What is sealed, as an undisturbed reader finds it. */
export const sealedOf = (world: SealingWorld): ObjectStore =>
  s3Store(sessionOf(world, async (_, act) => act()).client(S3Client), 'sealed');

const keyAnswers = (world: SealingWorld) => {
  const use = () => {
    if (world.key !== 'usable') throw awsError(world.key, 'The key is away.');
  };
  return [
    on(KMSClient, GetPublicKeyCommand, () => {
      use();
      return { PublicKey: PAIR.publicKey.export({ format: 'der', type: 'spki' }) };
    }),
    on(KMSClient, SignCommand, ({ Message = new Uint8Array() }) => {
      use();
      return { Signature: sign(null, Message, PAIR.privateKey) };
    }),
  ];
};

const Message = z.object({ id: z.string() });

const receive = (received: Map<string, number>, text = ''): void => {
  const { id } = Message.parse(JSON.parse(text));
  received.set(id, (received.get(id) ?? 0) + 1);
};

const logAnswers = ({ received }: SealingWorld) => [
  on(CloudWatchLogsClient, CreateLogStreamCommand, () => ({})),
  on(CloudWatchLogsClient, PutLogEventsCommand, ({ logEvents = [] }) => {
    for (const { message } of logEvents) receive(received.log, message);
    return {};
  }),
];

/** SNS takes a part of a batch, and says of the others that they may be tried again. */
const REFUSED_SHARE = 0.05;

const topicAnswers = (world: SealingWorld) => [
  on(SNSClient, PublishBatchCommand, ({ PublishBatchRequestEntries: entries = [] }) => {
    const Failed = entries
      .filter(() => !world.isHealed && world.random.chance(REFUSED_SHARE))
      .map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError', Message: 'later' }));
    for (const { Id, Message: text } of entries)
      if (!Failed.some((refused) => refused.Id === Id)) receive(world.received.topic, text);
    return { Successful: [], Failed };
  }),
];
