import { AccountId, auditEvent, openJournal, type JournalHeader, type StepOutcome } from '@compliance/core';
import { memoryTable } from '@compliance/core/testing';
import { folderLedger } from '@compliance/ledger';
import { describe, expect, test } from 'vitest';

import { changeLine, describeChange } from '../src/commands/changes/render.ts';
import { findChange, findChanges, type ChangeFilter } from '../src/commands/changes/find-changes.ts';
import { describePlan } from '../src/output/describe-plan.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const ADA = 'arn:aws:iam::999988887777:user/ada';
const ID = 'change-0123456789abcdef';

const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' };
const place = {
  command: 'S3_ENABLE_VERSIONING',
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
};
const versioning = (Status: string) => ({ Bucket: 'logs', VersioningConfiguration: { Status } });
const DONE: StepOutcome = {
  type: 'done',
  undo: { operation: 's3:PutBucketVersioning', input: versioning('Suspended'), alreadyDone: [] },
};

/** Creates a ledger and a state table with functions that add changes and read them as the commands do. */
const organization = async () => {
  const ledger = folderLedger(await temporaryFolder());
  const table = memoryTable();
  const made = async (changeId: string, outcome: StepOutcome = DONE, header: Partial<JournalHeader> = {}) => {
    const journal = await openJournal(table, {
      changeId,
      planId: 'plan-0123456789abcdef',
      ...place,
      partition: 'aws',
      resource,
      description: 'Turn versioning on for bucket logs',
      executionId: 'execution-1',
      startedAt: '2026-11-20T10:00:00.000Z',
      factsBefore: { status: 'Off' },
      status: 'applying',
      ...header,
    });
    await journal.recordIntent(0, {
      type: 'call',
      operation: 's3:PutBucketVersioning',
      input: versioning('Enabled'),
    });
    await journal.recordOutcome(0, outcome);
    await journal.close(header.status ?? 'applied', { factsAfter: { status: 'Enabled' } });
  };
  const fixed = (changeId: string, time: string, fields = {}) =>
    ledger.append([
      auditEvent(
        {
          type: 'remediation-finished',
          ...place,
          resource,
          executionId: 'execution-1',
          outcome: 'fixed',
          reason: 'Turn versioning on for bucket logs',
          changeId,
          ...fields,
        },
        new Date(time),
        time,
      ),
    ]);
  const undone = (changeId: string, time: string, outcome: 'undone' | 'failed' | 'refused' = 'undone') =>
    ledger.append([
      auditEvent(
        {
          type: 'change-undone',
          ...place,
          resource,
          executionId: 'operator-1',
          changeId,
          actor: ADA,
          outcome,
          reason: 'as asked',
        },
        new Date(time),
        time,
      ),
    ]);
  const find = (filter: Partial<ChangeFilter> = {}) =>
    findChanges({ ledger, table }, { days: 7, ...filter }, NOW);
  const ids = async (filter: Partial<ChangeFilter> = {}) =>
    (await find(filter)).map(({ changeId }) => changeId);
  const show = async (id = ID) => {
    const change = await findChange(table, id, NOW);
    return change && describeChange(change);
  };
  return { ledger, table, made, fixed, undone, find, ids, show };
};

describe('changes list', () => {
  test('an automatic change is listed and can be undone', async () => {
    const { made, fixed, find } = await organization();
    await made(ID);
    await fixed(ID, '2026-11-20T10:01:02Z');
    expect((await find()).map(changeLine)).toEqual([
      `${ID}  2026-11-20 10:01Z  fixed        111122223333 eu-west-1  Turn versioning on for bucket logs (can be undone)\n`,
    ]);
  });

  test('an undone change is listed once, with the operator who undid it', async () => {
    const { made, fixed, undone, find } = await organization();
    await made(ID, { type: 'undone' }, { status: 'undone' });
    await fixed(ID, '2026-11-18T10:00:00Z');
    await undone(ID, '2026-11-19T10:00:00Z');
    expect((await find()).map(changeLine)).toEqual([
      `${ID}  2026-11-19 10:00Z  undone       111122223333 eu-west-1  Turn versioning on for bucket logs, requested by ${ADA} (no undo: The change is already undone.)\n`,
    ]);
  });

  test('changes are listed newest first, up to the given days', async () => {
    const { fixed, undone, ids } = await organization();
    await fixed('change-a', '2026-11-13T11:59:59Z');
    await fixed('change-b', '2026-11-13T12:00:00Z');
    await fixed('change-c', '2026-11-20T10:00:00Z');
    await fixed('change-d', '2026-11-01T10:00:00Z');
    await undone('change-d', '2026-11-19T10:00:00Z');
    await expect(ids()).resolves.toEqual(['change-c', 'change-d', 'change-b']);
    await expect(ids({ days: 1 })).resolves.toEqual(['change-c']);
    await expect(ids({ days: 30 })).resolves.toEqual(['change-c', 'change-d', 'change-b', 'change-a']);
  });

  test('changes are filtered by account, rule and outcome', async () => {
    const { fixed, undone, ids } = await organization();
    await fixed('change-a', '2026-11-20T10:00:00Z');
    await fixed('change-b', '2026-11-20T09:00:00Z', { accountId: '444455556666' });
    await fixed('change-c', '2026-11-20T08:00:00Z', { command: 'VPC_ENABLE_FLOW_LOGS' });
    await fixed('change-d', '2026-11-20T07:00:00Z', { outcome: 'failed' });
    await fixed('change-e', '2026-11-20T06:00:00Z');
    await undone('change-e', '2026-11-20T06:30:00Z', 'refused');
    await expect(ids({ account: '444455556666' })).resolves.toEqual(['change-b']);
    await expect(ids({ rule: 'VPC_ENABLE_FLOW_LOGS' })).resolves.toEqual(['change-c']);
    await expect(ids({ status: 'failed' })).resolves.toEqual(['change-d']);
    await expect(ids({ status: 'undo-refused' })).resolves.toEqual(['change-e']);
    await expect(ids({ status: 'fixed', account: '111122223333', rule: place.command })).resolves.toEqual([
      'change-a',
    ]);
  });

  test('a change without a journal is listed from the ledger and cannot be undone', async () => {
    const { fixed, find } = await organization();
    await fixed(ID, '2026-11-20T10:00:00Z', { actor: ADA });
    await expect(find()).resolves.toMatchObject([
      {
        description: 'Turn versioning on for bucket logs',
        by: ADA,
        canBeUndone: false,
        whyNot: 'The state table has no journal of this change.',
      },
    ]);
  });

  test('the list is empty when no change was made', async () => {
    const { find } = await organization();
    await expect(find()).resolves.toEqual([]);
  });
});

describe('changes show', () => {
  test('a change is shown with facts, steps, their undo and the command that undoes it', async () => {
    const { made, show } = await organization();
    await made(ID, DONE, { actorArn: ADA, status: 'applied' });
    await expect(show()).resolves.toBe(`Turn versioning on for bucket logs
  ${ID}, of plan-0123456789abcdef
  AWS::S3::Bucket logs in 111122223333 eu-west-1
  Rule S3_ENABLE_VERSIONING, started at 2026-11-20T10:00:00.000Z, requested by ${ADA}
  Before: {"status":"Off"}
  After: {"status":"Enabled"}
  1. s3:PutBucketVersioning {"Bucket":"logs","VersioningConfiguration":{"Status":"Enabled"}}
   Outcome: done
   Undo: s3:PutBucketVersioning {"Bucket":"logs","VersioningConfiguration":{"Status":"Suspended"}}
Status: applied
Undo with: compliance undo ${ID}
`);
  });

  test.for<[string, StepOutcome, string, string]>([
    [
      'impossible',
      { type: 'done', undo: { impossible: 'The key is gone.' } },
      '   Undo: s3:PutBucketVersioning cannot be undone: The key is gone.\n',
      'No undo: s3:PutBucketVersioning cannot be undone: The key is gone.\n',
    ],
    [
      'not needed, because the step failed',
      { type: 'failed', error: 'AccessDenied' },
      '   Outcome: failed: AccessDenied\n   Undo: nothing to undo: it was not done\n',
      'No undo: There is nothing to undo.\n',
    ],
  ])('the undo of a step is shown as %s', async ([, outcome, step, last]) => {
    const { made, show } = await organization();
    await made(ID, outcome);
    const text = await show();
    expect(text).toContain(step);
    expect(text?.endsWith(last)).toBe(true);
  });

  test('a change as JSON is its journal with the undo of each step', async () => {
    const { made, table } = await organization();
    await made(ID);
    await expect(findChange(table, ID, NOW)).resolves.toMatchObject({
      changeId: ID,
      factsBefore: { status: 'Off' },
      steps: [{ index: 0, outcome: { type: 'done' }, undo: { type: 'call', call: { alreadyDone: [] } } }],
      canBeUndone: true,
    });
  });

  test('an unknown change is not found', async () => {
    const { show } = await organization();
    await expect(show()).resolves.toBeUndefined();
  });
});

describe('the state after an undo', () => {
  const LINE = '\n  State after an undo: {"status":"Suspended"}\n';

  test('changes show names it in a line of its own, indented as the others', async () => {
    const { made, show } = await organization();
    await made(ID, DONE, { undoLeaves: { status: 'Suspended' } });
    expect(await show()).toContain(LINE);
  });

  test('plans show and remediate name it likewise', () => {
    const plan = {
      ...place,
      id: 'plan-0123456789abcdef',
      resource,
      facts: { status: 'Off' },
      annotation: 'Versioning is Off.',
      description: 'Turn versioning on for bucket logs',
      risk: 'safe' as const,
      steps: [],
      undoLeaves: { status: 'Suspended' },
    };
    expect(describePlan(plan)).toContain(LINE);
    const { undoLeaves: _, ...complete } = plan;
    expect(describePlan(complete)).not.toContain('State after');
  });
});
