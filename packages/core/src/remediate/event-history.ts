import { CloudTrailClient, paginateLookupEvents, type Event } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';

import { withTimeout } from '../base/best-effort.ts';
import { iamRegionOf } from '../base/region.ts';
import { MEMBER_ROLES } from '../aws/assume-role.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { ChangedBy } from '../audit/blocker.ts';
import type { ChangeSearch } from './who-changed.ts';

/** Pages of 50 events; AWS allows two requests a second. */
const PAGES = 4;

/**
 * Finds the last successful write of a resource that was not ours.
 * Searches CloudTrail's event history; a write that reverts the fix is preferred to any other.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export const findLastChange = async (
  { resource, since, undoing }: ChangeSearch,
  session: Session,
): Promise<ChangedBy | undefined> => {
  const timeout = withTimeout();
  for (const name of namesOf(resource)) {
    const changes: ChangedBy[] = [];
    for await (const change of changesOf(name, since, session.at(regionOf(resource, session)), timeout)) {
      if (undoing.includes(change.eventName)) return change;
      changes.push(change);
    }
    if (changes[0]) return changes[0];
  }
  return undefined;
};

/** Newest first, as AWS returns them. */
const changesOf = async function* (
  name: string,
  since: Date,
  session: Session,
  timeout: ReturnType<typeof withTimeout>,
): AsyncGenerator<ChangedBy> {
  const search = {
    LookupAttributes: [{ AttributeKey: 'ResourceName' as const, AttributeValue: name }],
    // Event times are whole seconds.
    StartTime: new Date(Math.floor(since.getTime() / 1000) * 1000),
  };
  let pages = 0;
  for await (const { Events = [] } of paginateLookupEvents(
    { client: session.client(CloudTrailClient) },
    search,
    timeout,
  )) {
    for (const event of Events) {
      const change = foreignChange(event);
      if (change) yield change;
    }
    pages += 1;
    if (pages === PAGES) return;
  }
};

/** The part of an event's record that the API's answer does not repeat. */
const EventRecord = z.object({
  userIdentity: z.object({ arn: z.string().optional(), invokedBy: z.string().optional() }),
  errorCode: z.string().optional(),
});

const foreignChange = ({ ReadOnly, EventName, EventTime, Username, CloudTrailEvent }: Event) => {
  if (ReadOnly !== 'false' || EventName === undefined || EventTime === undefined) return undefined;
  const { userIdentity, errorCode } = EventRecord.parse(JSON.parse(CloudTrailEvent ?? ''));
  const { arn, invokedBy } = userIdentity;
  const principal = arn ?? invokedBy ?? Username;
  if (errorCode !== undefined || principal === undefined || principal.includes(OURS)) return undefined;
  return { principal, eventName: EventName, time: EventTime.toISOString() };
};

const OURS = `:assumed-role/${MEMBER_ROLES.remediate}/`;

// Not documented per service: CloudTrail records a bucket and a user by name, a security group by id. The name comes
// last, because another resource may have the same one.
const namesOf = ({ resourceName, resourceId, arn }: Resource): readonly string[] => [
  ...new Set([resourceId, arn, resourceName].filter((name) => name !== undefined)),
];

/** IAM's events are in one Region of the partition. */
const regionOf = ({ resourceType }: Resource, { region, partition }: Session): string =>
  resourceType.startsWith('AWS::IAM::') ? (iamRegionOf(partition) ?? region) : region;
