import { expect, test } from 'vitest';

import { permanent, transient } from '../../src/base/errors.ts';
import { auditEvent, type AuditEvent } from '../../src/audit/audit-event.ts';
import { deliverOrKeep, type Deliver, type Remainder } from '../../src/audit/publisher.ts';

const event = (reason: string) =>
  auditEvent({ type: 'event-ignored', reason }, new Date('2026-11-20T12:00:00Z'), 'request-1');

const recording = () => {
  const delivered: AuditEvent[] = [];
  const deliver: Deliver = async (events) => {
    delivered.push(...events);
    return [];
  };
  return { delivered, deliver };
};

const refusing: Deliver = () => Promise.reject(permanent('refused', 'No such topic.'));
const away: Deliver = () => Promise.reject(transient('not-published', 'The log is away.'));

const keeping = () => {
  const kept: Remainder[] = [];
  return { kept, keep: async (remainder: Remainder) => void kept.push(remainder) };
};

test('every sink gets every event', async () => {
  const [log, ledger] = [recording(), recording()];
  const { kept, keep } = keeping();
  const events = [event('a'), event('b')];
  await deliverOrKeep(
    [
      { name: 'log', deliver: log.deliver },
      { name: 'ledger', deliver: ledger.deliver },
    ],
    keep,
  )(events);
  expect([log.delivered, ledger.delivered]).toEqual([events, events]);
  expect(kept).toEqual([]);
});

test('what a sink does not take is kept for that sink alone', async () => {
  const ledger = recording();
  const { kept, keep } = keeping();
  const [a, b] = [event('a'), event('b')];
  const someRefused: Deliver = async () => [{ event: b, error: permanent('refused', 'Too odd.') }];
  await deliverOrKeep(
    [
      { name: 'log', deliver: away },
      { name: 'topic', deliver: someRefused },
      { name: 'ledger', deliver: ledger.deliver },
    ],
    keep,
  )([a, b]);
  expect(ledger.delivered).toEqual([a, b]);
  expect(kept).toEqual([
    { sink: 'log', isRefused: false, events: [a, b], error: 'The log is away.' },
    { sink: 'topic', isRefused: true, events: [b], error: 'Too odd.' },
  ]);
});

test('an event that is neither taken nor kept is thrown as transient, with both reasons', async () => {
  const keep = () => Promise.reject(new Error('The table is away.'));
  await expect(
    deliverOrKeep([{ name: 'topic', deliver: refusing }], keep)([event('a')]),
  ).rejects.toMatchObject({
    kind: 'transient',
    code: 'not-published',
    message: 'Audit events were neither published (No such topic.) nor kept: The table is away.',
  });
});

test('no sink is called without events', async () => {
  await expect(
    deliverOrKeep([{ name: 'log', deliver: refusing }], keeping().keep)([]),
  ).resolves.toBeUndefined();
});
