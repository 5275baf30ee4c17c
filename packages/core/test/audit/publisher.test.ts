import { expect, test } from 'vitest';

import { permanent } from '../../src/base/errors.ts';
import { auditEvent, type AuditEvent } from '../../src/audit/audit-event.ts';
import { publishToAll, type Publisher } from '../../src/audit/publisher.ts';

const event = (reason: string) =>
  auditEvent({ type: 'event-ignored', reason }, new Date('2026-11-20T12:00:00Z'), 'request-1');

const recording = () => {
  const published: AuditEvent[] = [];
  const publish: Publisher = async (events) => void published.push(...events);
  return { published, publish };
};

const refusing =
  (message: string): Publisher =>
  () =>
    Promise.reject(permanent('refused', message));

test('every publisher gets every event', async () => {
  const [log, ledger] = [recording(), recording()];
  const events = [event('a'), event('b')];
  await publishToAll([log.publish, ledger.publish])(events);
  expect(log.published).toEqual(events);
  expect(ledger.published).toEqual(events);
});

test('a publisher that fails does not keep events from the others', async () => {
  const [before, after] = [recording(), recording()];
  const publish = publishToAll([before.publish, refusing('The log is unreachable.'), after.publish]);
  await expect(publish([event('a')])).rejects.toBeInstanceOf(Error);
  expect([before.published, after.published]).toEqual([[event('a')], [event('a')]]);
});

test('failures of publishers are thrown together, as transient whatever their kind', async () => {
  const publish = publishToAll([
    refusing('The log is unreachable.'),
    recording().publish,
    refusing('No topic.'),
  ]);
  await expect(publish([event('a')])).rejects.toMatchObject({
    kind: 'transient',
    code: 'not-published',
    message: 'Audit events were not published: The log is unreachable.; No topic.',
    cause: { errors: [{ message: 'The log is unreachable.' }, { message: 'No topic.' }] },
  });
});

test('no publisher is called without events', async () => {
  await expect(publishToAll([refusing('It was called.')])([])).resolves.toBeUndefined();
});
