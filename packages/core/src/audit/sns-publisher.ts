import {
  PublishBatchCommand,
  type BatchResultErrorEntry,
  type PublishBatchRequestEntry,
  type SNSClient,
} from '@aws-sdk/client-sns';

import { permanent, transient } from '../base/errors.ts';
import type { AuditEvent } from './audit-event.ts';
import { byteLength, fitEvent } from './fit-event.ts';
import type { Deliver, Undelivered } from './publisher.ts';
import { shouldNotify } from './should-notify.ts';

/** @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const BATCH_ENTRIES = 10;
const BATCH_BYTES = 262_144;
const SUBJECT_LENGTH = 99;

/** Room for the subject and the attributes of one message. */
const OVERHEAD_BYTES = 4096;

/**
 * Notifies subscribers of events that a person may act on.
 * Their filter policies use the message attributes type, severity, command, accountId, owner and outcome.
 * Returns the messages that SNS refuses as `messages-refused`: permanent when the fault is the sender's.
 */
export const snsPublisher =
  ({ client, topicArn }: { readonly client: SNSClient; readonly topicArn: string }): Deliver =>
  async (events) => {
    const undelivered: Undelivered[] = [];
    const wanted = events.filter(shouldNotify);
    const eventOf = ({ Id }: { readonly Id: string | undefined }) => wanted.slice(Number(Id)).slice(0, 1);
    for (const batch of messageBatches(events)) {
      try {
        const { Failed = [] } = await client.send(
          new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: [...batch] }),
        );
        for (const entry of Failed)
          undelivered.push(...eventOf(entry).map((event) => ({ event, error: refusal(topicArn, entry) })));
      } catch (error) {
        undelivered.push(...batch.flatMap(eventOf).map((event) => ({ event, error })));
      }
    }
    return undelivered;
  };

/** Splits events into batches that PublishBatch accepts, without those that are only recorded. */
export const messageBatches = (
  events: readonly AuditEvent[],
): readonly (readonly PublishBatchRequestEntry[])[] => {
  const batches: PublishBatchRequestEntry[][] = [];
  let bytes = 0;
  for (const [index, event] of events.filter(shouldNotify).entries()) {
    const entry = toEntry(event, index);
    const size = sizeOf(entry);
    const open = batches.at(-1);
    const fits = open !== undefined && open.length < BATCH_ENTRIES && bytes + size <= BATCH_BYTES;
    if (fits) open.push(entry);
    else batches.push([entry]);
    bytes = fits ? bytes + size : size;
  }
  return batches;
};

/** The size that SNS counts: the message, its subject, and each attribute's name, type and value. */
export const sizeOf = ({ Message = '', Subject = '', MessageAttributes = {} }: PublishBatchRequestEntry) =>
  [Message, Subject, ...Object.entries(MessageAttributes).flatMap(textsOf)].reduce(
    (bytes, text) => bytes + byteLength(text),
    0,
  );

type Attributes = NonNullable<PublishBatchRequestEntry['MessageAttributes']>;

const textsOf = ([name, { DataType = '', StringValue = '' }]: [string, Attributes[string]]) => [
  name,
  DataType,
  StringValue,
];

const toEntry = (event: AuditEvent, index: number): PublishBatchRequestEntry => ({
  // A batch may hold an event twice, but not an id.
  Id: String(index),
  Subject: subjectOf(event),
  Message: fitEvent(event, BATCH_BYTES - OVERHEAD_BYTES),
  MessageAttributes: attributesOf(event),
});

const outcomeOf = (event: AuditEvent) => ('outcome' in event ? event.outcome : undefined);

const attributesOf = (event: AuditEvent): Attributes => {
  const { type, severity, command, accountId, owner } = event;
  const values = { type, severity, command, accountId, owner, outcome: outcomeOf(event) };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value.trim() === ''
        ? []
        : [[name, { DataType: 'String', StringValue: attributeText(value) }]],
    ),
  );
};

/** `S3_ENABLE_VERSIONING remediation-finished: fixed in 111122223333 eu-west-1` */
const subjectOf = (event: AuditEvent): string => {
  const { command = 'compliance', type, accountId, region } = event;
  const outcome = outcomeOf(event);
  const what = outcome === undefined ? type : `${type}: ${outcome}`;
  const where = accountId === undefined ? [] : ['in', accountId, region ?? ''];
  const text = [command, what, ...where].join(' ');
  // SNS requires ASCII without line breaks, and a letter, digit or punctuation mark first.
  return clip(text.replaceAll(/[^ -~]/g, '?').trim(), SUBJECT_LENGTH);
};

const clip = (text: string, length: number) => text.slice(0, length);

/**
 * The value of an attribute, which may come from a member's tag. SNS takes the characters of XML 1.0 alone.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
const attributeText = (text: string) => clip(text, 512).replaceAll(NOT_XML, '?');

// Half a pair of surrogates, which clipping may leave, is none either.
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const refusal = (topicArn: string, { SenderFault, Code, Message }: BatchResultErrorEntry) => {
  const failure = SenderFault ? permanent : transient;
  return failure('messages-refused', `SNS topic ${topicArn} refused a message with ${Code}: ${Message}`);
};
