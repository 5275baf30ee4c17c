import { tagsOf } from '../aws/resource-tags.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';

/**
 * Options of events that AWS Config sends to a rule. All ids are synthetic.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html
 */
export interface SampleEventOptions {
  readonly accountId?: string;
  readonly region?: string;
  readonly command?: string;
  /** Members of the configuration item or its summary that replace the sample's. */
  readonly item?: object;
  /** Members of the invoking event that replace the sample's. */
  readonly invokingEvent?: object;
  /** Members of the envelope that replace the sample's. */
  readonly envelope?: object;
}

/** A change of a bucket without versions, with its whole configuration item. */
export const sampleChangeEvent = (options: SampleEventOptions = {}) =>
  sampleEvent(options, {
    configurationItemDiff: { changedProperties: {}, changeType: 'UPDATE' },
    configurationItem: { ...sampleItem(options.accountId, options.region), ...options.item },
    notificationCreationTime: '2026-11-20T10:18:02.456Z',
    messageType: 'ConfigurationItemChangeNotification',
    recordVersion: '1.3',
  });

/** The same change with an item too large for an event: a summary without tags and configuration. */
export const sampleOversizedEvent = (options: SampleEventOptions = {}) => {
  const { accountId, region, item } = options;
  const {
    configuration: _,
    supplementaryConfiguration: __,
    tags: ___,
    ...summary
  } = sampleItem(accountId, region);
  return sampleEvent(options, {
    configurationItemSummary: { changeType: 'UPDATE', ...summary, resourceCreationTime: null, ...item },
    messageType: 'OversizedConfigurationItemChangeNotification',
  });
};

/** The event that starts a sweep. It names no resource. */
export const sampleScheduledEvent = (options: SampleEventOptions = {}) =>
  sampleEvent(options, {
    awsAccountId: options.accountId ?? ACCOUNT,
    notificationCreationTime: '2026-11-20T12:00:00.373Z',
    messageType: 'ScheduledNotification',
    recordVersion: '1.0',
  });

/** The deletion of the bucket. Its item has no configuration. */
export const sampleDeletedEvent = (options: SampleEventOptions = {}) =>
  sampleChangeEvent({
    ...options,
    item: {
      configurationItemStatus: 'ResourceDeleted',
      configuration: null,
      supplementaryConfiguration: {},
      tags: {},
      resourceCreationTime: null,
      ...options.item,
    },
  });

/** A bucket's configuration item in the form of events. */
export const sampleItem = (accountId = ACCOUNT, region = REGION) => ({
  relatedEvents: [],
  relationships: [],
  configuration: { name: 'demo-logs', owner: { displayName: null, id: '1f3a5c7e9b' } },
  supplementaryConfiguration: {
    AccessControlList: JSON.stringify(SAMPLE_ACCESS_CONTROL_LIST),
    BucketLoggingConfiguration: { destinationBucketName: null, logFilePrefix: null },
    BucketPolicy: { policyText: null },
    BucketVersioningConfiguration: { status: 'Off', isMfaDeleteEnabled: null },
    IsRequesterPaysEnabled: false,
  } as Record<string, unknown>,
  tags: { owner: 'team-a' },
  configurationItemVersion: '1.3',
  configurationItemCaptureTime: '2026-11-20T10:15:30.123Z',
  configurationStateId: 1_795_169_730_123,
  awsAccountId: accountId,
  configurationItemStatus: 'OK',
  resourceType: 'AWS::S3::Bucket',
  resourceId: 'demo-logs',
  resourceName: 'demo-logs',
  ARN: 'arn:aws:s3:::demo-logs',
  awsRegion: region,
  availabilityZone: 'Regional',
  configurationStateMd5Hash: '',
  resourceCreationTime: '2026-10-02T08:11:40.000Z',
});

/** What AWS Config records of one resource. */
interface Recorded {
  readonly arn: string;
  readonly resourceName?: string | undefined;
  readonly tags?:
    | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
    | undefined;
  readonly configuration?: object;
  readonly supplementaryConfiguration?: object;
}

/** The item of a resource of the emulator, which records none, in the form of events. */
export const itemOf = (
  { resourceType, resourceId }: Resource,
  { accountId, region }: Session,
  { arn: ARN, resourceName, tags = [], configuration = {}, supplementaryConfiguration = {} }: Recorded,
) => ({
  ...sampleItem(accountId, region),
  resourceType,
  resourceId,
  resourceName: resourceName ?? null,
  ARN,
  tags: tagsOf(tags),
  configuration,
  supplementaryConfiguration,
});

/** The same item in the form of GetResourceConfigHistory: other names, values as JSON text, real dates. */
export const sampleApiItem = (accountId = ACCOUNT, region = REGION) => {
  const {
    awsAccountId,
    ARN,
    configurationItemVersion: version,
    tags,
    ...item
  } = sampleItem(accountId, region);
  return {
    ...item,
    version,
    tags,
    accountId: awsAccountId,
    arn: ARN,
    configurationStateId: String(item.configurationStateId),
    configurationItemCaptureTime: new Date(item.configurationItemCaptureTime),
    resourceCreationTime: new Date(item.resourceCreationTime),
    configuration: JSON.stringify(item.configuration),
    supplementaryConfiguration: Object.fromEntries(
      Object.entries(item.supplementaryConfiguration).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  };
};

/** The sample's `AccessControlList`, which AWS encodes once more than the rest. */
export const SAMPLE_ACCESS_CONTROL_LIST = {
  grantSet: null,
  grantList: [{ grantee: { id: '1f3a5c7e9b', displayName: null }, permission: 'FullControl' }],
  owner: { displayName: null, id: '1f3a5c7e9b' },
};

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';

const sampleEvent = (options: SampleEventOptions, invokingEvent: object) => {
  const { accountId = ACCOUNT, region = REGION, command = 'EXAMPLE_KEEP_VERSIONS' } = options;
  return {
    version: '1.0',
    invokingEvent: JSON.stringify({ ...invokingEvent, ...options.invokingEvent }),
    ruleParameters: JSON.stringify({ ComplianceCommand: command }),
    resultToken: 'eyJlbmNyeXB0ZWREYXRhIjpbLTQyLDE3LDk5XX0=',
    eventLeftScope: false,
    executionRoleArn: `arn:aws:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
    configRuleArn: `arn:aws:config:${region}:${accountId}:config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-a1b2c3`,
    configRuleName: 'example-keep-versions-conformance-pack-q7m2kd9xz',
    configRuleId: 'config-rule-a1b2c3',
    accountId,
    ...options.envelope,
  };
};
