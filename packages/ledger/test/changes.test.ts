import { auditEvent, type AuditEvent } from '@compliance/core';
import { expect, test } from 'vitest';

import { collectChanges } from '../src/changes.ts';
import { evaluated, fixed, planned, undone } from './events.ts';

const outcomesIn = async (...events: AuditEvent[]) => {
  const changes = await collectChanges(
    (async function* () {
      yield* events;
    })(),
  );
  return [...changes].map(([id, change]) => [id, change.finished?.outcome, change.undone?.outcome]);
};

test('a change with several events has the newest of fix and undo, in any order of reading', async () => {
  const failed = { ...fixed('change-1', '2026-11-20T09:00:00Z'), outcome: 'failed' } as AuditEvent;
  const refused = { ...undone('change-1', '2026-11-20T10:30:00Z'), outcome: 'refused' } as AuditEvent;
  await expect(
    outcomesIn(
      undone('change-1', '2026-11-20T11:00:00Z'),
      fixed('change-1', '2026-11-20T10:00:00Z'),
      refused,
      failed,
      fixed('change-2', '2026-11-20T10:00:00Z'),
      evaluated('a', 'COMPLIANT', '2026-11-20T10:00:00Z'),
      planned('a', '2026-11-20T10:00:00Z'),
    ),
  ).resolves.toEqual([
    ['change-1', 'fixed', 'undone'],
    ['change-2', 'fixed', undefined],
  ]);
});

test.each([
  ['after', ['failed', 'refused']],
  ['before', ['refused', 'failed']],
])('a failed undo is told, though a refused request came %s it', async (_, outcomes) => {
  const undos = outcomes.map(
    (outcome, hour) => ({ ...undone('change-1', `2026-11-20T1${hour}:00:00Z`), outcome }) as AuditEvent,
  );
  for (const events of [undos, undos.toReversed()])
    await expect(outcomesIn(...events)).resolves.toEqual([['change-1', undefined, 'failed']]);
});

test('a change whose fix is older than the events read has only its undo', async () => {
  await expect(outcomesIn(undone('change-1', '2026-11-20T11:00:00Z'))).resolves.toEqual([
    ['change-1', undefined, 'undone'],
  ]);
});

test('a refused request about a change neither adds one nor alters it', async () => {
  const request = (changeId: string) =>
    auditEvent(
      {
        type: 'remediation-finished',
        executionId: 'operator-1',
        outcome: 'refused',
        reason: 'It was undone before.',
        changeId,
      },
      new Date('2026-11-20T12:00:00Z'),
      'operator-1',
    );
  await expect(
    outcomesIn(fixed('change-1', '2026-11-20T10:00:00Z'), request('change-1'), request('change-none')),
  ).resolves.toEqual([['change-1', 'fixed', undefined]]);
});
