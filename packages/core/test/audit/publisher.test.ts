import { expect, test } from 'vitest';

import { auditEvent, type AuditEvent } from '../../src/audit/audit-event.ts';
import { publishToAll, type Publisher } from '../../src/audit/publisher.ts';
import { permanent } from '../../src/base/errors.ts';

const event = (reason: string) =>
  auditEvent({ type: 'event-ignored', reason }, new Date('2026-11-20T12:00:00Z'));

const keeping = () => {
  const kept: AuditEvent[] = [];
  const publish: Publisher = async (events) => void kept.push(...events);
  return { kept, publish };
};

const refusing =
  (message: string): Publisher =>
  () =>
    Promise.reject(permanent('refused', message));

test('every publisher gets every event', async () => {
  const [log, ledger] = [keeping(), keeping()];
  const events = [event('a'), event('b')];
  await publishToAll([log.publish, ledger.publish])(events);
  expect(log.kept).toEqual(events);
  expect(ledger.kept).toEqual(events);
});

test('the others get every event although one fails, whichever comes first', async () => {
  const [before, after] = [keeping(), keeping()];
  const publish = publishToAll([before.publish, refusing('The log is away.'), after.publish]);
  await expect(publish([event('a')])).rejects.toBeInstanceOf(Error);
  expect([before.kept, after.kept]).toEqual([[event('a')], [event('a')]]);
});

test('failures are told together, and are transient whatever their kind: the event is not lost but late', async () => {
  const publish = publishToAll([refusing('The log is away.'), keeping().publish, refusing('No topic.')]);
  await expect(publish([event('a')])).rejects.toMatchObject({
    kind: 'transient',
    code: 'not-published',
    message: 'Audit events were not published: The log is away.; No topic.',
    cause: { errors: [{ message: 'The log is away.' }, { message: 'No topic.' }] },
  });
});

test('no publisher is bothered with no events', async () => {
  await expect(publishToAll([refusing('It was asked.')])([])).resolves.toBeUndefined();
});
