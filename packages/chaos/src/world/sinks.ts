import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { AuditEvent, type Sink, type SinkName } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/simulation';
import * as z from 'zod';

import { tellingSinks } from './telling-sinks.ts';

/** What the sinks took: events by their ids, in the order of their first arrival. */
export interface Received {
  readonly ids: Readonly<Record<SinkName, ReadonlySet<string>>>;
  /** The ledger's events, in order. */
  readonly events: ReadonlyMap<string, AuditEvent>;
}

const DAY_MS = 86_400_000;
const Message = z.object({ id: z.string() });
const idIn = (text: string) => Message.parse(JSON.parse(text)).id;

/**
 * The real publishers over fakes of CloudWatch Logs and SNS, which refuse what AWS refuses; and a ledger.
 * `refuses` says whether SNS refuses a message for good.
 */
export const fakeSinks = ({
  now,
  refuses,
}: {
  readonly now: () => Date;
  readonly refuses: (id: string) => boolean;
}): { readonly received: Received; readonly sinks: readonly Sink[] } => {
  const ids = { log: new Set<string>(), topic: new Set<string>(), ledger: new Set<string>() };
  const events = new Map<string, AuditEvent>();
  const session = fakeSession({
    allow: ['logs:PutLogEvents', 'logs:CreateLogStream', 'sns:PublishBatch', 'sns:Publish'],
    answers: [
      on(CloudWatchLogsClient, CreateLogStreamCommand, () => ({})),
      on(CloudWatchLogsClient, PutLogEventsCommand, ({ logEvents = [] }) => {
        const isOld = ({ timestamp = 0 }) => timestamp < now().getTime() - 14 * DAY_MS;
        for (const logEvent of logEvents) if (!isOld(logEvent)) ids.log.add(idIn(logEvent.message ?? ''));
        const old = logEvents.filter(isOld).length;
        return old > 0 ? { rejectedLogEventsInfo: { tooOldLogEventEndIndex: old } } : {};
      }),
      on(SNSClient, PublishBatchCommand, ({ PublishBatchRequestEntries = [] }) => {
        const refused = PublishBatchRequestEntries.filter(({ Message: text = '' }) => refuses(idIn(text)));
        for (const entry of PublishBatchRequestEntries)
          if (!refused.includes(entry)) ids.topic.add(idIn(entry.Message ?? ''));
        return {
          Successful: [],
          Failed: refused.map(({ Id }) => ({
            Id,
            SenderFault: true,
            Code: 'InvalidParameterValue',
            Message: 'No',
          })),
        };
      }),
    ],
  });
  const sinks: readonly Sink[] = [
    ...tellingSinks(session, now),
    {
      name: 'ledger',
      deliver: async (batch) => {
        for (const event of batch) {
          ids.ledger.add(event.id);
          if (!events.has(event.id))
            events.set(event.id, AuditEvent.parse(JSON.parse(JSON.stringify(event))));
        }
        return [];
      },
    },
  ];
  return { received: { ids, events }, sinks };
};
