import {
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type CloudWatchLogsClient,
  type RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';

import { hasCode, permanent } from '../base/errors.ts';
import type { AuditEvent } from './audit-event.ts';
import { byteLength, fitEvent } from './fit-event.ts';
import type { Publisher } from './publisher.ts';

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const BATCH_BYTES = 1_048_576;
const BATCH_EVENTS = 10_000;
const BATCH_SPAN_MS = 24 * 60 * 60_000;
const BYTES_PER_EVENT = 26;

/** AWS accepts an event of up to 1 MB, but older tools read only 256 KB. */
const EVENT_BYTES = 262_144 - BYTES_PER_EVENT;

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
}

/**
 * Writes audit events to CloudWatch Logs, one JSON line each.
 * @throws {ComplianceError} permanent `log-events-rejected`: AWS answers 200 and drops events too old or too new
 */
export const cloudWatchLogsPublisher = (destination: LogDestination): Publisher => {
  let stream: Promise<void> | undefined;
  return async (events) => {
    if (events.length === 0) return;
    stream ??= createStream(destination);
    await stream.catch((error: unknown) => {
      stream = undefined;
      throw error;
    });
    for (const batch of logBatches(events.map(toLogEvent))) await putBatch(destination, batch);
  };
};

const toLogEvent = (event: AuditEvent): LogEvent => ({
  timestamp: Date.parse(event.time),
  message: fitEvent(event, EVENT_BYTES),
});

/** Splits events into batches that PutLogEvents accepts, in chronological order. */
export const logBatches = (events: readonly LogEvent[]): readonly (readonly LogEvent[])[] => {
  const batches: LogEvent[][] = [];
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

const putBatch = async (destination: LogDestination, batch: readonly LogEvent[]): Promise<void> => {
  const { client, logGroupName, logStreamName } = destination;
  const { rejectedLogEventsInfo } = await client.send(
    new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [...batch] }),
  );
  if (rejectedLogEventsInfo) throw rejected(destination, batch.length, rejectedLogEventsInfo);
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

const rejected = (
  { logGroupName }: LogDestination,
  count: number,
  {
    tooOldLogEventEndIndex = 0,
    expiredLogEventEndIndex = 0,
    tooNewLogEventStartIndex,
  }: RejectedLogEventsInfo,
) => {
  const tooOld = Math.max(tooOldLogEventEndIndex, expiredLogEventEndIndex);
  const tooNew = count - (tooNewLogEventStartIndex ?? count);
  return permanent(
    'log-events-rejected',
    `Log group ${logGroupName} rejected ${tooOld} of ${count} audit events as too old and ${tooNew} as too new.`,
  );
};
