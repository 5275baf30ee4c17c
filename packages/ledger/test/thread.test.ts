import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sampleChangeEvent } from '@compliance/core/testing';
import { expect, onTestFinished, test } from 'vitest';

import { folderLedger } from '../src/folder-ledger.ts';
import { openDoors } from '../src/testing/doors.ts';

test('the story of a finding is one thread from its verdict to the undo of its fix', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { evaluate, ask } = openDoors(folderLedger(folder));
  const item = { resourceId: 'logs', resourceName: 'logs', ARN: 'arn:aws:s3:::logs' };
  await evaluate(sampleChangeEvent({ item }));
  const read = () => Array.fromAsync(folderLedger(folder).read());
  const planned = (await read()).find((event) => event.type === 'plan-created');
  const id = planned?.plan.id ?? '';
  await ask('approve', id, 'approve-1');
  const { changeId = '' } = await ask('apply', id, 'apply-1');
  await ask('undo', changeId, 'undo-1');

  const events = await read();
  expect(new Set(events.map(({ correlationId }) => correlationId)).size).toBe(1);
  const byId = new Map(events.map((event) => [event.id, event]));
  const causes = (event = events.find(({ type }) => type === 'change-undone')): readonly string[] =>
    event ? [event.type, ...(event.causationId ? causes(byId.get(event.causationId)) : [])] : ['unknown'];
  expect(causes()).toEqual([
    'change-undone',
    'remediation-finished',
    'plan-decided',
    'plan-created',
    'resource-evaluated',
  ]);
});
