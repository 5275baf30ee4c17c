import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AuditEvent } from '@compliance/core';
import { sampleChangeEvent } from '@compliance/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { folderLedger } from '../src/folder-ledger.ts';
import { openDoors } from '../src/testing/doors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
});
afterEach(() => rm(folder, { recursive: true }));

const readAll = (): Promise<AuditEvent[]> => Array.fromAsync(folderLedger(folder).read());
const typesOf = (events: readonly AuditEvent[]) => events.map(({ type }) => type);

test('a resource that is fixed, drifts and is fixed again has two approvals and two fixes in the ledger', async () => {
  const { state, remediate, ask } = openDoors(folderLedger(folder));
  for (const hour of ['09', '15']) {
    state.versioning = 'Off';
    state.now = new Date(`2026-11-20T${hour}:00:00Z`);
    const { planId = '' } = await remediate(`ssm-${hour}`);
    await ask('approve', planId, `approve-${hour}`);
    await expect(ask('apply', planId, `apply-${hour}`)).resolves.toMatchObject({ status: 'fixed' });
  }
  const events = await readAll();
  const happened = (type: AuditEvent['type']) => events.filter((event) => event.type === type);
  expect(happened('plan-created')).toHaveLength(2);
  expect(happened('plan-decided')).toMatchObject([{ decision: 'approved' }, { decision: 'approved' }]);
  expect(happened('remediation-finished').filter((event) => 'changeId' in event)).toHaveLength(2);
});

test('an evaluation that Lambda repeats after midnight is read once', async () => {
  const { state, evaluate } = openDoors(folderLedger(folder));
  state.now = new Date('2026-11-20T23:59:58Z');
  state.unpublishable = true;
  await expect(evaluate(sampleChangeEvent(), { awsRequestId: 'request-1' })).rejects.toThrow('No answer.');
  state.now = new Date('2026-11-21T00:00:31Z');
  state.unpublishable = false;
  await evaluate(sampleChangeEvent(), { awsRequestId: 'request-1' });
  expect(typesOf(await readAll()).filter((type) => type === 'resource-evaluated')).toHaveLength(1);
});

test('fourteen evaluations that fail alike within a day are fourteen events', async () => {
  const { state, evaluate } = openDoors(folderLedger(folder));
  state.failing = true;
  const unreadable = sampleChangeEvent({ item: { supplementaryConfiguration: {} } });
  for (let hour = 0; hour < 14; hour += 1) {
    state.now = new Date(Date.UTC(2026, 10, 20, hour));
    await evaluate(unreadable, { awsRequestId: `request-${hour}` });
    // Lambda repeats an event under the same id.
    await evaluate(unreadable, { awsRequestId: `request-${hour}` });
  }
  expect(typesOf(await readAll())).toEqual(Array.from({ length: 14 }, () => 'evaluation-failed'));
});
