import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AccountId, auditEvent, type AuditEvent } from '@compliance/core';
import { memoryTable } from '@compliance/core/testing';
import { folderLedger } from '@compliance/ledger';
import { onTestFinished } from 'vitest';

import {
  folderStore,
  keep,
  localSigner,
  newPrivateKey,
  openSealedHours,
  tableCheckpoints,
  verify,
  type Hour,
} from '../src/index.ts';
import type { Keeper } from '../src/seal/keeper.ts';
import type { ObjectStore } from '../src/store/object-store.ts';

export const FIRST: Hour = '2026-11-29T10';

const temporaryFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evidence-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** The verdict on bucket `number` of an account; `number` decides its id. */
export const verdict = (number: number, time: Date, accountId = accountOf(number)): AuditEvent =>
  auditEvent(
    {
      type: 'resource-evaluated',
      command: 'S3_ENABLE_VERSIONING',
      accountId,
      region: 'eu-west-1',
      resource: { resourceType: 'AWS::S3::Bucket', resourceId: `bucket-${number}` },
      trigger: 'change',
      complianceType: 'NON_COMPLIANT',
      annotation: 'Versioning is Off.',
      orderingTime: time.toISOString(),
    },
    time,
    time,
  );

export const decision = (number: number, time: Date): AuditEvent =>
  auditEvent(
    {
      type: 'plan-decided',
      accountId: accountOf(number),
      planId: `plan-${number}`,
      decision: 'approved',
      actor: 'ada',
    },
    time,
    `decision-${number}`,
  );

const accountOf = (number: number) => AccountId.parse(String(111_122_223_333 + (number % 3)));

/** Minutes after the beginning of the first hour. */
export const at = (minutes: number): Date => new Date(Date.parse(`${FIRST}:00:00Z`) + minutes * 60_000);

/** A ledger and a keeper on folders of this machine. */
export const openKeeper = async (changes: Partial<Keeper> = {}) => {
  const folders = { intake: await temporaryFolder(), sealed: await temporaryFolder() };
  const clock = { now: at(0) };
  const keeper: Keeper = {
    intake: folderStore(folders.intake),
    sealed: folderStore(folders.sealed),
    signer: localSigner(newPrivateKey()),
    formerPrefix: '',
    code: 'test',
    checkpoints: tableCheckpoints(memoryTable(), () => clock.now),
    mayGoOn: () => true,
    ...changes,
  };
  const ledger = folderLedger(folders.intake, () => clock.now);
  return {
    folders,
    keeper,
    clock,
    fingerprint: keeper.signer.publicKey.fingerprint,
    /** Appends events by a writer whose clock shows `minutes` after the beginning. */
    append: async (minutes: number, events: readonly AuditEvent[]) => {
      clock.now = at(minutes);
      await ledger.append(events);
    },
    seal: (minutes: number, own: Partial<Keeper> = {}) =>
      keep({ ...keeper, ...own }, at(minutes), { firstHour: FIRST }),
    verify: (
      hours: number,
      options: { fingerprint?: string } = { fingerprint: keeper.signer.publicKey.fingerprint },
    ) => verify(keeper.sealed, { until: hourAfter(hours), ...options }),
  };
};

/** The hour so many hours after the first. */
export const hourAfter = (hours: number): Hour =>
  at(hours * 60)
    .toISOString()
    .slice(0, 13) as Hour;

/** Six hours with verdicts and decisions of three accounts; the fourth is empty. */
export const sealedDay = async () => {
  const opened = await openKeeper();
  for (const hour of [0, 1, 2, 4, 5])
    for (const minute of [5, 40]) {
      const minutes = hour * 60 + minute;
      const numbers = [0, 1, 2, 3, 4].map((number) => minutes * 10 + number);
      await opened.append(minutes, [
        ...numbers.map((number) => verdict(number, at(minutes))),
        decision(minutes, at(minutes)),
      ]);
    }
  await opened.seal(6 * 60 + 20);
  return opened;
};

/** The events of sealed hours, and what was skipped of them. */
export const eventsIn = async (store: ObjectStore, from: Hour, to: Hour) => {
  const skipped: string[] = [];
  const hours = await openSealedHours(store, {
    from,
    to,
    onSkipped: ({ problem }) => void skipped.push(problem),
  });
  return { events: hours ? await Array.fromAsync(hours.events()) : [], skipped, hours };
};
