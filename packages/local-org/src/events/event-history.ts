import { randomUUID } from 'node:crypto';
import * as z from 'zod';

import { fromJsonTime } from '../base/json-time.ts';
import { samePlace, type Place } from '../base/place.ts';
import { possibleChanges } from '../items/changes.ts';
import { awsError } from '../protocol/aws-error.ts';
import { text, type Call, type Principal, type RawReply } from '../protocol/call.ts';
import { page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';

interface RecordedEvent extends Place {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly time: Date;
  readonly readOnly: boolean;
  readonly userName: string;
  readonly resources: readonly { readonly ResourceType: string; readonly ResourceName: string }[];
  /** CloudTrailEvent, as an object. */
  readonly record: object;
}

/** CloudTrail's event history, of the calls that name a resource in `items/changes.ts`. */
export interface EventHistory {
  readonly onCompleted: (call: Call, reply: RawReply) => void;
  readonly handlers: Readonly<Record<'cloudtrail:LookupEvents', (call: Call) => Promise<unknown>>>;
}

const MAX_EVENTS = 10_000;

export const createEventHistory = (now: () => Date): EventHistory => {
  const events: RecordedEvent[] = [];
  return {
    onCompleted: (call, reply) => {
      const resources = resourcesOf(call, reply);
      if (resources.length === 0) return;
      events.push(eventOf(call, reply, resources, now()));
      if (events.length > MAX_EVENTS * 1.1) events.splice(0, events.length - MAX_EVENTS);
    },
    handlers: { 'cloudtrail:LookupEvents': async (call) => lookUp(events, call) },
  };
};

const LookupRequest = z.object({
  LookupAttributes: z
    .array(z.object({ AttributeKey: z.string(), AttributeValue: z.string().min(1) }))
    .max(1)
    .default([]),
  StartTime: z.number().optional(),
  EndTime: z.number().optional(),
  MaxResults: z.int().min(1).max(50).default(50),
  NextToken: z.string().optional(),
});

/** Finds events of the caller's account and Region, newest first. In AWS they appear minutes later. */
const lookUp = (events: readonly RecordedEvent[], call: Call) => {
  const request = parseInput(LookupRequest, call.input);
  const { LookupAttributes, StartTime = 0, EndTime = Infinity, MaxResults: limit, NextToken } = request;
  const found = events.filter(
    (event) =>
      samePlace(event, call) &&
      event.time >= fromJsonTime(StartTime) &&
      event.time.getTime() / 1000 <= EndTime &&
      LookupAttributes.every(({ AttributeKey, AttributeValue }) =>
        attribute(event, AttributeKey).includes(AttributeValue),
      ),
  );
  const { items, nextToken } = page(found.toReversed(), { limit, nextToken: NextToken });
  return { Events: items.map(answerOf), NextToken: nextToken };
};

const attribute = (event: RecordedEvent, key: string): readonly string[] => {
  const values: Readonly<Record<string, readonly string[]>> = {
    EventId: [event.id],
    EventName: [event.name],
    EventSource: [event.source],
    ReadOnly: [String(event.readOnly)],
    Username: [event.userName],
    ResourceName: event.resources.map(({ ResourceName }) => ResourceName),
    ResourceType: event.resources.map(({ ResourceType }) => ResourceType),
  };
  const value = values[key];
  if (value) return value;
  throw awsError(
    'InvalidLookupAttributesException',
    `Unsupported lookup attribute: ${key}. Use one of ${Object.keys(values).join(', ')}.`,
    400,
  );
};

const answerOf = ({ id, name, source, time, readOnly, userName, resources, record }: RecordedEvent) => ({
  EventId: id,
  EventName: name,
  EventSource: source,
  EventTime: time,
  ReadOnly: String(readOnly),
  Username: userName,
  Resources: resources,
  CloudTrailEvent: JSON.stringify(record),
});

const eventOf = (
  call: Call,
  { status, body }: RawReply,
  resources: RecordedEvent['resources'],
  now: Date,
): RecordedEvent => {
  const { accountId, service, operation: name, principal } = call;
  const id = randomUUID();
  // CloudTrail records whole seconds, and IAM's events in one Region.
  const time = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const region = service === 'iam' ? 'us-east-1' : call.region;
  const readOnly = /^(?:Get|List|Describe|Head)/.test(name);
  const source = `${service}.amazonaws.com`;
  const record = {
    eventVersion: '1.11',
    eventID: id,
    eventName: name,
    eventSource: source,
    eventTime: time.toISOString().replace('.000', ''),
    awsRegion: region,
    readOnly,
    userIdentity: identityOf(principal),
    recipientAccountId: accountId,
    eventType: 'AwsApiCall',
    managementEvent: true,
    ...(status >= 300 && { errorCode: errorCodeIn(body.toString()) }),
  };
  const userName = principal.type === 'admin' ? 'root' : (principal.arn.split('/').at(-1) ?? '');
  return { id, name, source, time, accountId, region, readOnly, userName, resources, record };
};

const identityOf = (principal: Principal) => {
  const { accountId, arn, userId: principalId } = principal;
  if (principal.type === 'admin') return { type: 'Root', principalId, arn, accountId };
  const { roleArn, roleName } = principal;
  const sessionIssuer = { type: 'Role', arn: roleArn, accountId, userName: roleName };
  return { type: 'AssumedRole', principalId, arn, accountId, sessionContext: { sessionIssuer } };
};

const errorCodeIn = (body: string): string =>
  /<Code>(?<code>[\w.]+)<|"__type":"(?<type>[\w.]+)"/.exec(body)?.slice(1).find(Boolean) ?? 'Failed';

const resourcesOf = (call: Call, reply: RawReply): RecordedEvent['resources'] => {
  const bucket = text(call, 'Bucket');
  // Calls on objects are data events, which are not in the event history.
  const isBucketCall = bucket !== undefined && call.service === 's3' && text(call, 'Key') === undefined;
  if (isBucketCall) return [{ ResourceType: 'AWS::S3::Bucket', ResourceName: bucket }];
  return possibleChanges(call, reply).map(({ resourceType, key }) => ({
    ResourceType: resourceType,
    ResourceName: key,
  }));
};
