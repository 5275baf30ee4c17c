import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { auditEvent, type AuditEvent } from '../../src/audit/audit-event.ts';
import { cloudWatchLogsPublisher, logBatches } from '../../src/audit/cloudwatch-logs-publisher.ts';
import { awsError, fakeSession, on } from '../../src/testing/fake-session.ts';

const DAY_MS = 24 * 60 * 60_000;
const ignored = (reason: string, time = '2026-11-20T12:00:00Z') =>
  auditEvent({ type: 'event-ignored', reason }, new Date(time), time);

describe('logBatches', () => {
  const logEvent = fc.record({
    timestamp: fc.integer({ min: 0, max: 5 * DAY_MS }),
    message: fc
      .tuple(fc.constantFrom('a', 'é', '😀'), fc.integer({ min: 1, max: 60_000 }))
      .map(([letter, length]) => letter.repeat(length)),
  });

  test('every batch of log events is within the limits of PutLogEvents, and no event is lost', () => {
    fc.assert(
      fc.property(fc.array(logEvent, { maxLength: 60 }), (events) => {
        const batches = logBatches(events);
        for (const batch of batches) {
          const times = batch.map(({ timestamp }) => timestamp);
          const bytes = batch.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
          expect(bytes).toBeLessThanOrEqual(1_048_576);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThanOrEqual(DAY_MS);
        }
        expect(batches.flat()).toEqual(events.toSorted((a, b) => a.timestamp - b.timestamp));
      }),
      { numRuns: 40 },
    );
  });

  test('a batch holds at most 10,000 log events', () => {
    const events = Array.from({ length: 10_001 }, () => ({ timestamp: 0, message: 'x' }));
    expect(logBatches(events).map((batch) => batch.length)).toEqual([10_000, 1]);
  });
});

/** A log group whose streams must be created first, as in AWS. */
const logGroup = (options: { exists?: boolean; rejects?: object; now?: Date } = {}) => {
  const streams = new Set<string>();
  const lines: string[] = [];
  const session = fakeSession({
    allow: ['logs:PutLogEvents', 'logs:CreateLogStream'],
    answers: [
      on(CloudWatchLogsClient, PutLogEventsCommand, ({ logStreamName = '', logEvents = [] }) => {
        if (!streams.has(logStreamName)) throw awsError('ResourceNotFoundException');
        lines.push(...logEvents.map(({ message = '' }) => message));
        return options.rejects ? { rejectedLogEventsInfo: options.rejects } : {};
      }),
      on(CloudWatchLogsClient, CreateLogStreamCommand, ({ logStreamName = '' }) => {
        if (options.exists === false) throw awsError('ResourceNotFoundException');
        if (streams.has(logStreamName)) throw awsError('ResourceAlreadyExistsException');
        streams.add(logStreamName);
        return {};
      }),
    ],
  });
  const publish = cloudWatchLogsPublisher({
    client: session.client(CloudWatchLogsClient),
    logGroupName: 'audit',
    logStreamName: 'instance-1',
    now: () => options.now ?? new Date('2026-11-20T12:00:00Z'),
  });
  return { publish, lines, sent: session.sent };
};

describe('cloudWatchLogsPublisher', () => {
  test('the log stream is created by the first write', async () => {
    const { publish, sent, lines } = logGroup();
    await publish([]);
    expect(sent).toEqual([]);
    await publish([ignored('first')]);
    await publish([ignored('second')]);
    expect(sent.map(({ operation }) => operation)).toEqual([
      'CreateLogStream',
      'PutLogEvents',
      'PutLogEvents',
    ]);
    expect(lines.map((line) => JSON.parse(line) as AuditEvent)).toMatchObject([
      { type: 'event-ignored', reason: 'first' },
      { type: 'event-ignored', reason: 'second' },
    ]);
  });

  test('the error of a missing log group names it', async () => {
    await expect(logGroup({ exists: false }).publish([ignored('x')])).rejects.toThrow(
      'log group audit does not exist',
    );
  });

  test('events that AWS drops with HTTP 200 are returned', async () => {
    const { publish } = logGroup({ rejects: { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 } });
    const events = [ignored('a'), ignored('b'), ignored('c')];
    const error = {
      code: 'log-events-rejected',
      message: 'Log group audit rejected 1 of 3 audit events as too old and 1 as too new.',
    };
    await expect(publish(events)).resolves.toMatchObject([
      { event: events[0], error },
      { event: events[2], error },
    ]);
  });

  test.each(['2026-11-01T12:00:00Z', '2026-11-20T11:00:00Z', '2026-12-24T12:00:00Z'])(
    'an event of %s gets a time that the log takes, with its true time inside',
    async (time) => {
      const now = new Date('2026-11-20T12:00:00Z');
      const { publish, sent } = logGroup({ now });
      const event = ignored('x', time);
      await publish([event]);
      const timestamp = time.startsWith('2026-11-20') ? Date.parse(time) : now.getTime();
      expect(sent.at(-1)?.input).toMatchObject({
        logEvents: [{ timestamp, message: JSON.stringify(event) }],
      });
    },
  );

  test('an event that is too long is shortened with a note, not lost', async () => {
    const { publish, lines } = logGroup();
    const event = ignored('x'.repeat(300_000));
    await publish([event]);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        schemaVersion: 2,
        id: event.id,
        time: event.time,
        type: 'event-ignored',
        shortened: { bytes: expect.any(Number), omitted: ['reason'] },
      },
    ]);
  });
});
