import { appendFile, glob, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AuditEvent } from '@compliance/core';
import { sampleChangeEvent } from '@compliance/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { folderLedger } from '../src/folder-ledger.ts';
import { createSkipCounter } from '../src/skipped.ts';
import { storySteps } from '../src/story-steps.ts';
import { findStories, type StoryTarget } from '../src/story.ts';
import { openDoors } from '../src/testing/doors.ts';
import { evaluated, fixed, unreadable } from './events.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
});
afterEach(() => rm(folder, { recursive: true }));

const JO = 'arn:aws:sts::999988887777:assumed-role/ops/jo';
const ARN = 'arn:aws:s3:::logs';

/** A finding that is planned, approved, fixed and undone through the real code paths, among another one. */
const happen = async () => {
  const { state, evaluate, ask } = openDoors(folderLedger(folder));
  const at = (minute: number) => (state.now = new Date(Date.UTC(2026, 10, 20, 9, minute)));
  for (const name of ['logs', 'other'])
    await evaluate(
      sampleChangeEvent({ item: { resourceId: name, resourceName: name, ARN: `arn:aws:s3:::${name}` } }),
    );
  const events = await Array.fromAsync(folderLedger(folder).read());
  const planned = events.find((event) => event.type === 'plan-created' && event.resource?.arn === ARN);
  const planId = planned?.type === 'plan-created' ? planned.plan.id : '';
  at(1);
  await ask('approve', planId, 'approve-1');
  at(2);
  const { changeId = '' } = await ask('apply', planId, 'apply-1');
  at(3);
  await ask('undo', changeId, 'undo-1');
  return { planId, changeId };
};

const stepsOf = async (target: StoryTarget) =>
  (await findStories(folderLedger(folder), target, {})).map(({ resource, events }) => ({
    resourceId: resource.resourceId,
    steps: storySteps(events).map(({ step, text, actor }) => [step, text, actor]),
  }));

test('a change, its plan and its resource tell the same story in order', async () => {
  const { planId, changeId } = await happen();
  const story = await stepsOf({ changeId });
  expect(story).toEqual([
    {
      resourceId: 'logs',
      steps: [
        ['found', 'Versioning is Off.', undefined],
        ['planned', expect.stringContaining('(safe)'), undefined],
        ['approved', '', JO],
        ['applied', expect.any(String), JO],
        ['verified', 'status: "Off" → "Enabled"', JO],
        ['undone', expect.any(String), JO],
      ],
    },
  ]);
  await expect(stepsOf({ planId })).resolves.toEqual(story);
  await expect(stepsOf({ arn: ARN })).resolves.toEqual(story);
  await expect(stepsOf({ arn: 'arn:aws:s3:::none' })).resolves.toEqual([]);
});

test('what is left out of the ledger is told once, also when nothing is found', async () => {
  const { changeId } = await happen();
  const [file = ''] = await Array.fromAsync(glob(join(folder, 'intake/class=actions/**/*.ndjson')));
  await appendFile(file, '{"half\n');
  for (const asked of [changeId, 'change-none']) {
    const { counts, onSkipped } = createSkipCounter();
    await findStories(folderLedger(folder), { changeId: asked }, { onSkipped });
    expect(counts).toEqual({ malformed: 1, later: 0 });
  }
});

test('the calls of a change are in its story, with their outcomes', async () => {
  const { changeId } = await happen();
  const [story] = await findStories(folderLedger(folder), { changeId }, {});
  const applied = storySteps(story?.events ?? []).find(({ step }) => step === 'applied');
  expect(applied?.calls).toEqual([
    expect.stringMatching(/^s3:PutBucketVersioning \{.*"Enabled".*\} \(done\)$/),
  ]);
});

test('a verdict that repeats the one before is no step, and an exempt or failed one is', () => {
  const steps = storySteps([
    evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
    evaluated('a', 'NON_COMPLIANT', '2026-11-20T11:00:00Z'),
    unreadable('a', '2026-11-20T12:00:00Z'),
    { ...evaluated('a', 'NOT_APPLICABLE', '2026-11-20T13:00:00Z'), exemption: 'EX-1' } as AuditEvent,
    { ...fixed('change-1', '2026-11-20T14:00:00Z'), outcome: 'failed' } as AuditEvent,
    evaluated('a', 'COMPLIANT', '2026-11-20T15:00:00Z'),
  ]);
  expect(steps.map(({ step, text }) => [step, text])).toEqual([
    ['found', ''],
    ['not-judged', 'AccessDenied: not you'],
    ['exempt', 'Exempt by EX-1.'],
    ['failed', 'Turn versioning on'],
    ['compliant', ''],
  ]);
});
