#!/usr/bin/env node
// Steps of the measurement `sealing`, each in a process of its own, so that its memory is its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import * as z from 'zod';

import { folderLedger } from '../../../packages/ledger/src/folder-ledger.ts';
import { filesOf, placeOfKey } from '../../../packages/ledger/src/ledger-key.ts';
import { keep } from '../../../packages/evidence/src/seal/keep.ts';
import { isProven, proveEvent } from '../../../packages/evidence/src/read/prove.ts';
import { verify } from '../../../packages/evidence/src/read/verify.ts';
import { createManifestReader } from '../../../packages/evidence/src/read/read-manifests.ts';
import { readLines } from '../../../packages/evidence/src/read/read-parts.ts';
import { hoursLater, startOf, type Hour } from '../../../packages/evidence/src/format/period.ts';
import { parseHead } from '../../../packages/evidence/src/format/head.ts';
import { localSigner, newPrivateKey, publicKeyOf } from '../../../packages/evidence/src/format/signer.ts';
import { folderStore } from '../../../packages/evidence/src/store/folder-store.ts';
import { s3Store } from '../../../packages/evidence/src/store/s3-store.ts';
import type { ObjectStore } from '../../../packages/evidence/src/store/object-store.ts';
import { verdictsOf } from '../ledger/synthetic-events.ts';
import { countCalls, type Calls } from './count-calls.ts';
import { packShard, packedIntake } from './packed-intake.ts';

// The root has no dependency of its own on the SDK.
const require = createRequire(join(import.meta.dirname, '../../../packages/evidence/package.json'));
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the package that the store imports.
const { S3Client } = require('@aws-sdk/client-s3') as {
  readonly S3Client: new (config: object) => Parameters<typeof s3Store>[0];
};

const HOUR: Hour = '2026-11-29T14';
const SHARDS = Array.from({ length: 64 }, (_, shard) => shard.toString(16).padStart(2, '0'));
const [step, folder = '', count = '0', accounts = '0'] = process.argv.slice(2);
const size = { changes: 0, verdicts: Number(count), days: 1, accounts: Number(accounts) };
const packed = join(folder, 'packed');
const sealed = join(folder, 'sealed');

/** An hour in which each verdict is an object of its own, as change events write them. */
const makeHour = () => {
  mkdirSync(packed, { recursive: true });
  const shards = new Map<string, [string, string][]>(SHARDS.map((shard) => [shard, []]));
  const time = startOf(HOUR);
  for (let from = 0; from < size.verdicts; from += 10_000)
    for (const event of verdictsOf(from, Math.min(from + 10_000, size.verdicts), size, time))
      for (const [key] of filesOf([event], time))
        shards.get(placeOfKey(key)?.shard ?? '')?.push([key, `${JSON.stringify(event)}\n`]);
  for (const [shard, objects] of shards) packShard(packed, shard, objects);
};

/** Three days of a smaller organization: `size.verdicts` an hour, in a folder. */
const HOURS = 72;
const makeDays = async () => {
  for (let hour = 0; hour < HOURS; hour += 1) {
    const time = startOf(hoursLater(HOUR, hour));
    const from = hour * size.verdicts;
    await folderLedger(join(folder, 'ledger'), () => time).append(
      verdictsOf(from, from + size.verdicts, size, time),
    );
  }
};

const seal = async (intake: ObjectStore, hours: number) => {
  const calls = { intake: noCalls(), sealed: noCalls() };
  const signer = localSigner(newPrivateKey());
  const keeper = {
    intake: countCalls(intake, calls.intake),
    sealed: countCalls(folderStore(sealed), calls.sealed),
    signer,
    formerPrefix: 'ledger/',
    code: 'bench',
    checkpoints: { read: async () => new Map<string, never>(), record: async () => {} },
    mayGoOn: () => true,
  };
  const last = startOf(hoursLater(HOUR, hours));
  const run = await keep(keeper, new Date(last.getTime() + 20 * 60_000), { firstHour: HOUR });
  const parts = run.sealed.reduce((sum, { manifest }) => sum + manifest.parts.length, 0);
  const lines = run.sealed.reduce((sum, { head }) => sum + head.lines, 0);
  return { parts, lines, calls };
};

const noCalls = (): Calls => ({ gets: 0, puts: 0, lists: 0 });

const verifyAll = async (hours: number) => {
  const verified = await verify(folderStore(sealed), { until: hoursLater(HOUR, hours) });
  if (verified.problem) throw new Error(`${verified.problem.place}: ${verified.problem.what}`);
  return { lines: verified.lines, parts: verified.parts };
};

const prove = async () => {
  const store = folderStore(sealed);
  const [part] = (await createManifestReader(store)(HOUR))?.parts ?? [];
  const [line] = part ? await readLines(store, part) : [];
  const startedAt = performance.now();
  const proof = await proveEvent(store, HOUR, line?.id ?? '');
  const proveMs = performance.now() - startedAt;
  if (!proof) throw new Error('There is no proof.');
  const pem = await store.read(`keys/${parseHead(proof.head).keyId}.pem`, 4096);
  const checkedAt = performance.now();
  if (!isProven(proof, publicKeyOf(pem?.toString('utf8') ?? ''))) throw new Error('The proof does not hold.');
  return {
    hashes: proof.path.length,
    bytes: proof.line.length + proof.path.length * 32 + proof.head.length + proof.signature.length,
    manifestBytes: proof.manifest.length,
    proveMs,
    checkMs: performance.now() - checkedAt,
  };
};

/** The processor time of the SDK for a call, in milliseconds; the other side is a process of its own. */
const sdk = async () => {
  const server = fork(join(import.meta.dirname, 'fake-s3.ts'));
  try {
    const [port] = z
      .tuple([z.number()])
      .rest(z.unknown())
      .parse(await once(server, 'message'));
    const store = s3Store(
      new S3Client({
        region: 'eu-west-1',
        endpoint: `http://127.0.0.1:${port}`,
        forcePathStyle: true,
        credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
      }),
      'bucket',
    );
    const measure = async (calls: number, call: (index: number) => Promise<unknown>) => {
      const before = process.cpuUsage();
      let next = 0;
      const worker = async () => {
        while (next < calls) await call((next += 1));
      };
      await Promise.all(Array.from({ length: 48 }, worker));
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000 / calls;
    };
    const line = Buffer.alloc(600, 'x');
    await measure(500, () => store.read('warm', line.length));
    return {
      getMs: await measure(5000, (index) => store.read(`key-${index}`, line.length)),
      putMs: await measure(1000, (index) => store.create(`key-${index}`, line)),
    };
  } finally {
    server.kill();
  }
};

const STEPS: Readonly<Record<string, () => Promise<object | void> | void>> = {
  'make-hour': makeHour,
  'make-days': makeDays,
  'seal-hour': () => seal(packedIntake(packed, SHARDS), 1),
  'seal-days': () => seal(folderStore(join(folder, 'ledger')), HOURS),
  'verify-hour': () => verifyAll(1),
  'verify-days': () => verifyAll(HOURS),
  prove,
  sdk,
};
process.stdout.write(`${JSON.stringify((await STEPS[step ?? '']?.()) ?? {})}\n`);
