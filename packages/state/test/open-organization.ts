import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createAccountContacts,
  createEvaluate,
  engineGrants,
  evaluateGrants,
  parseExemptions,
  parseSettings,
  putEvaluations,
} from '@compliance/core';
import {
  awsError,
  exampleRule,
  fakeBuckets,
  fakeConfig,
  fakeSession,
  memoryTable,
  sampleScheduledEvent,
  settingsWith,
  tableOf,
} from '@compliance/core/testing';
import { folderStore, keep, localSigner, newPrivateKey, tableCheckpoints } from '@compliance/evidence';
import { folderLedger } from '@compliance/ledger';
import { onTestFinished } from 'vitest';

import { buildState, eventsSince, readManifest, type LedgerPlaces } from '../src/index.ts';

const FIRST_HOUR = '2026-11-20T08';

const temporaryFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'organization-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
};

const answerable = { id: 'EX-1', reason: 'r', owner: 'o', approver: 'a', ticket: 't', expires: '2027-01-01' };

/** The evaluate function over fakes of buckets and AWS Config, its ledger, the keeper, and a state of what they wrote. */
export const openOrganization = async () => {
  const [intake, sealed, folder] = [
    await temporaryFolder(),
    await temporaryFolder(),
    await temporaryFolder(),
  ];
  // A test may change these while it runs.
  const world = {
    now: new Date('2026-11-20T08:00:00Z'),
    unreadable: new Set<string>(),
    exempt: [] as readonly string[],
  };
  const s3 = fakeBuckets({});
  const answers = s3.answers.map(({ operation, answer }) => ({
    operation,
    answer: (input: { readonly Bucket?: string }, region: string) => {
      if (operation === 'GetBucketVersioning' && world.unreadable.has(input.Bucket ?? ''))
        throw awsError('AccessDenied', 'not you', 403);
      return answer(input, region);
    },
  }));
  const session = fakeSession({
    allow: [...engineGrants.evaluate, ...evaluateGrants(exampleRule)],
    answers: [...fakeConfig().answers, ...answers],
  });
  const ledger = folderLedger(intake, () => world.now);
  const evaluate = createEvaluate({
    loadRule: async () => exampleRule,
    loadSettings: async () =>
      parseSettings(settingsWith({ defaults: { mode: 'observe' }, exclusions: ['arn:aws:s3:::landing-*'] })),
    loadExemptions: async () =>
      parseExemptions({
        exemptions: world.exempt.length > 0 ? [{ ...answerable, resources: [...world.exempt] }] : [],
      }),
    openSession: async () => session,
    put: putEvaluations,
    publish: (events) => ledger.append(events),
    contacts: createAccountContacts(),
    redeliver: async () => {},
    recover: async () => {},
    table: tableOf('rule', memoryTable()),
    now: () => world.now,
  });
  const signer = localSigner(newPrivateKey());
  const keeper = {
    intake: folderStore(intake),
    sealed: folderStore(sealed),
    signer,
    formerPrefix: '',
    code: 'test',
    checkpoints: tableCheckpoints(memoryTable(), () => world.now),
    mayGoOn: () => true,
  };
  const build = async (places: LedgerPlaces, into = folder) => {
    const since = await eventsSince(await readManifest(into), places, {
      now: world.now,
      from: new Date(0),
    });
    if (!since) throw new Error('There is nothing to read from.');
    return { ...since, manifest: await buildState({ folder: into, ...since }) };
  };
  return {
    world,
    buckets: s3.versioning,
    folders: { intake, sealed, state: folder },
    fingerprint: signer.publicKey.fingerprint,
    keeper,
    ledger,
    temporaryFolder,
    /** Sweeps at a time of 20 November 2026. */
    sweep: async (time: string) => {
      world.now = new Date(`2026-11-20T${time}:00Z`);
      await evaluate(
        sampleScheduledEvent({ invokingEvent: { notificationCreationTime: world.now.toISOString() } }),
        { awsRequestId: `sweep-${time}` },
      );
    },
    /** Seals all hours of 20 November, at the beginning of the next day. */
    sealDay: async () => {
      world.now = new Date('2026-11-21T00:30:00Z');
      await keep(keeper, world.now, { firstHour: FIRST_HOUR });
    },
    /** Seals what is over at a time. */
    seal: async (time: string) => {
      world.now = new Date(`2026-11-20T${time}:00Z`);
      await keep(keeper, world.now, { firstHour: FIRST_HOUR });
    },
    /** The next state, from sealed hours and the intake; or from one of both. */
    build: (places: LedgerPlaces = { sealed: keeper.sealed, intake: ledger }, into?: string) =>
      build(places, into),
  };
};
