import type { Json } from '@compliance/core/rule';

type Members = Readonly<Record<string, Json>>;

/** An event that decides about a filter. Its members replace those that CloudTrail records with every call. */
export interface SampleEvent {
  /** Names the event in an annotation: `CreateRoute`. */
  readonly label: string;
  readonly members: Members & { readonly eventName: string; readonly eventSource: string };
}

/** Whose trail records an event, and where. */
export interface Recorder {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** The trail records all accounts of the organization. */
  readonly organization: boolean;
}

/** One event for each name, all of one service. */
export const eventsOf = (eventSource: string, names: readonly string[]): SampleEvent[] =>
  names.map((eventName) => ({ label: eventName, members: { eventSource, eventName } }));

/**
 * The event as CloudTrail records it, once for each circumstance that a filter must not depend on: who calls, in which
 * Region and, for a trail of the organization, in which account.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const recordedEvents = ({ members }: SampleEvent, recorder: Recorder): Json[] => {
  const { accountId, partition } = recorder;
  const [region, otherRegion] = regionsOf(recorder, members.eventSource);
  const here = { accountId, region };
  const elsewhere = { accountId: otherAccountOf(recorder, members.eventSource), region: otherRegion };
  return [
    { ...recorded(here, userIdentity(here.accountId, partition)), ...members },
    { ...recorded(elsewhere, roleIdentity(elsewhere.accountId, partition)), ...members },
  ];
};

/** A member of the organization. Only the management account changes the organization itself. */
const otherAccountOf = ({ accountId, organization }: Recorder, eventSource: string): string =>
  organization && eventSource !== ORGANIZATIONS ? '123456789012' : accountId;

const ORGANIZATIONS = 'organizations.amazonaws.com';

interface Place {
  readonly accountId: string;
  readonly region: string;
}

const recorded = ({ accountId, region }: Place, identity: Json): Members => ({
  eventVersion: '1.11',
  userIdentity: identity,
  eventTime: '2026-01-15T09:30:00Z',
  awsRegion: region,
  sourceIPAddress: '203.0.113.7',
  userAgent: 'aws-cli/2.34.0',
  requestID: '6f1f0c2e-0000-4000-8000-000000000001',
  eventID: '6f1f0c2e-0000-4000-8000-000000000002',
  readOnly: false,
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: accountId,
  eventCategory: 'Management',
});

const userIdentity = (accountId: string, partition: string): Members => ({
  type: 'IAMUser',
  principalId: 'AIDACKCEVSQ6C2EXAMPLE',
  arn: `arn:${partition}:iam::${accountId}:user/alice`,
  accountId,
  accessKeyId: 'EXAMPLEKEYOFALICE',
  userName: 'alice',
});

const roleIdentity = (accountId: string, partition: string): Members => ({
  type: 'AssumedRole',
  principalId: 'AROADBQP57FF2AEXAMPLE:bob',
  arn: `arn:${partition}:sts::${accountId}:assumed-role/Operator/bob`,
  accountId,
  accessKeyId: 'EXAMPLEKEYOFBOB',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROADBQP57FF2AEXAMPLE',
      arn: `arn:${partition}:iam::${accountId}:role/Operator`,
      accountId,
      userName: 'Operator',
    },
    attributes: { mfaAuthenticated: 'true', creationDate: '2026-01-15T09:00:00Z' },
  },
});

/** The events of a global service have one Region in each partition; those of others may have any. */
const regionsOf = ({ region, partition }: Recorder, eventSource: string): readonly [string, string] => {
  const [global, other] = REGIONS[partition] ?? REGIONS.aws;
  if (GLOBAL_SOURCES.has(eventSource)) return [global, global];
  return [region, region === global ? other : global];
};

const REGIONS: Readonly<Record<string, readonly [string, string]>> & {
  readonly aws: readonly [string, string];
} = {
  aws: ['us-east-1', 'ap-southeast-2'],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-west-1', 'us-gov-east-1'],
};

// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
const GLOBAL_SOURCES: ReadonlySet<string> = new Set(['iam.amazonaws.com', ORGANIZATIONS]);
