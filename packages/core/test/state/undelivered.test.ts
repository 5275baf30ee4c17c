import { beforeEach, expect, test, vi } from 'vitest';

import { transient } from '../../src/base/errors.ts';
import { auditEvent, type AuditEvent } from '../../src/audit/audit-event.ts';
import type { Sink } from '../../src/audit/publisher.ts';
import { keepUndelivered, listDeadLetters, redeliver } from '../../src/state/undelivered.ts';
import { AccountId } from '../../src/base/account-id.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { NOON } from '../open-doors.ts';

beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue());

const now = () => NOON;
const SWEPT = { command: 'EXAMPLE_KEEP_VERSIONS', accountId: '111122223333', region: 'eu-west-1' };
const NOWHERE = {
  command: 'NO_SUCH_RULE',
  accountId: AccountId.parse('222233334444'),
  region: 'us-west-2',
};

const refused = (executionId: string, place: Partial<typeof NOWHERE> = NOWHERE): AuditEvent =>
  auditEvent(
    { type: 'remediation-finished', ...place, executionId, outcome: 'refused', reason: 'Not yours.' },
    NOON,
    executionId,
  );

/** A table that keeps these events for the log, and the log. */
const waiting = async (events: readonly AuditEvent[]) => {
  const table = memoryTable();
  const delivered: string[] = [];
  const state = { isAway: false };
  const sink: Sink = {
    name: 'log',
    deliver: async (batch) => {
      if (state.isAway) throw transient('not-published', 'The log is away.');
      delivered.push(...batch.map(({ id }) => id));
      return [];
    },
  };
  for (const event of events)
    await keepUndelivered(table, now)({ sink: 'log', isRefused: false, events: [event], error: 'away' });
  return { table, delivered, state, sweep: () => redeliver(table, SWEPT, { sinks: [sink], now }) };
};

test('what no sweep of its own would find, such as a refused request of a stranger, goes out with the next sweep of any rule', async () => {
  const stranger = refused('execution-1');
  const { table, delivered, sweep } = await waiting([stranger]);
  await sweep();
  expect(delivered).toEqual([stranger.id]);
  expect(table.rows()).toEqual([]);
});

test('an event without a rule waits, and is no dead letter, while its sink is only away', async () => {
  const nameless = refused('execution-1', {});
  const { table, delivered, sweep } = await waiting([nameless]);
  await expect(Array.fromAsync(listDeadLetters(table))).resolves.toEqual([]);
  await sweep();
  expect(delivered).toEqual([nameless.id]);
});

test('of two sweeps side by side, one delivers what waits for any of them', async () => {
  const { delivered, sweep } = await waiting([refused('execution-1'), refused('execution-2')]);
  await Promise.all([sweep(), sweep()]);
  expect(new Set(delivered).size).toBe(2);
  expect(delivered).toHaveLength(2);
});

test('what waits for any sweep waits on while its sink is away', async () => {
  const stranger = refused('execution-1');
  const { delivered, state, sweep } = await waiting([stranger]);
  state.isAway = true;
  await sweep();
  state.isAway = false;
  await sweep();
  expect(delivered).toEqual([stranger.id]);
});

test('strangers that fill the table do not take a whole sweep', async () => {
  const { delivered, sweep } = await waiting(
    Array.from({ length: 250 }, (_, index) => refused(`execution-${index}`)),
  );
  await sweep();
  expect(delivered).toHaveLength(200);
  await sweep();
  expect(delivered).toHaveLength(250);
});
