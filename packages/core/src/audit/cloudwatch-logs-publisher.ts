import {
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type CloudWatchLogsClient,
  type RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';

import { hasCode, permanent } from '../base/errors.ts';
import type { AuditEvent } from './audit-event.ts';
import { byteLength, fitEvent } from './fit-event.ts';
import type { Deliver, Undelivered } from './publisher.ts';

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const BATCH_BYTES = 1_048_576;
const BATCH_EVENTS = 10_000;
const BATCH_SPAN_MS = 24 * 60 * 60_000;
const BYTES_PER_EVENT = 26;

/** AWS accepts an event of up to 1 MB, but older tools read only 256 KB. */
const EVENT_BYTES = 262_144 - BYTES_PER_EVENT;

/**
 * What the log takes: no event older than the retention of its group, which is a day or more, and none more than two
 * hours in the future. Other events get the time of their delivery; their text has the true one.
 */
const OLDEST_MS = 23 * 60 * 60_000;
const NEWEST_MS = 60 * 60_000;

export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

export interface LogDestination {
  readonly client: CloudWatchLogsClient;
  readonly logGroupName: string;
  /** Each function instance writes to its own stream, which the first write creates. */
  readonly logStreamName: string;
  readonly now: () => Date;
}

/**
 * Writes audit events to CloudWatch Logs, one JSON line each.
 * Returns events that AWS drops with an answer of 200, as permanent `log-events-rejected`.
 */
export const cloudWatchLogsPublisher = (destination: LogDestination): Deliver => {
  let stream: Promise<void> | undefined;
  return async (events) => {
    if (events.length === 0) return [];
    stream ??= createStream(destination);
    await stream.catch((error: unknown) => {
      stream = undefined;
      throw error;
    });
    const now = destination.now().getTime();
    const undelivered: Undelivered[] = [];
    for (const batch of logBatches(events.map((event) => toLogEvent(event, now))))
      undelivered.push(...(await putBatch(destination, batch)));
    return undelivered;
  };
};

const toLogEvent = (event: AuditEvent, now: number): LogEvent & { readonly event: AuditEvent } => {
  const time = Date.parse(event.time);
  const isTaken = time >= now - OLDEST_MS && time <= now + NEWEST_MS;
  return { timestamp: isTaken ? time : now, message: fitEvent(event, EVENT_BYTES), event };
};

/** Splits events into batches that PutLogEvents accepts, in chronological order. */
export const logBatches = <Event extends LogEvent>(
  events: readonly Event[],
): readonly (readonly Event[])[] => {
  const batches: Event[][] = [];
  let bytes = 0;
  for (const event of events.toSorted((a, b) => a.timestamp - b.timestamp)) {
    const size = byteLength(event.message) + BYTES_PER_EVENT;
    const open = batches.at(-1);
    const first = open?.[0];
    const fits =
      open !== undefined &&
      first !== undefined &&
      open.length < BATCH_EVENTS &&
      bytes + size <= BATCH_BYTES &&
      event.timestamp - first.timestamp <= BATCH_SPAN_MS;
    if (fits) open.push(event);
    else batches.push([event]);
    bytes = fits ? bytes + size : size;
  }
  return batches;
};

const putBatch = async (
  destination: LogDestination,
  batch: readonly (LogEvent & { readonly event: AuditEvent })[],
): Promise<readonly Undelivered[]> => {
  const { client, logGroupName, logStreamName } = destination;
  const logEvents = batch.map(({ timestamp, message }) => ({ timestamp, message }));
  try {
    const { rejectedLogEventsInfo: info } = await client.send(
      new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }),
    );
    if (!info) return [];
    const error = rejected(destination, batch.length, info);
    const { tooOld, tooNew } = rejectedRange(batch.length, info);
    return batch
      .filter((_, index) => index < tooOld || index >= batch.length - tooNew)
      .map(({ event }) => ({ event, error }));
  } catch (error) {
    return batch.map(({ event }) => ({ event, error }));
  }
};

const createStream = async ({ client, logGroupName, logStreamName }: LogDestination): Promise<void> => {
  try {
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  } catch (error) {
    if (hasCode(error, 'ResourceAlreadyExistsException')) return;
    if (!hasCode(error, 'ResourceNotFoundException')) throw error;
    throw permanent(
      'no-log-group',
      `Audit events not written: log group ${logGroupName} does not exist. Apply the regional part of the master module.`,
      error,
    );
  }
};

const rejectedRange = (
  count: number,
  {
    tooOldLogEventEndIndex = 0,
    expiredLogEventEndIndex = 0,
    tooNewLogEventStartIndex,
  }: RejectedLogEventsInfo,
) => ({
  tooOld: Math.max(tooOldLogEventEndIndex, expiredLogEventEndIndex),
  tooNew: count - (tooNewLogEventStartIndex ?? count),
});

const rejected = ({ logGroupName }: LogDestination, count: number, info: RejectedLogEventsInfo) => {
  const { tooOld, tooNew } = rejectedRange(count, info);
  return permanent(
    'log-events-rejected',
    `Log group ${logGroupName} rejected ${tooOld} of ${count} audit events as too old and ${tooNew} as too new.`,
  );
};
