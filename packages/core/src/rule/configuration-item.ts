import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { defined } from '../base/defined.ts';
import { isPlainObject } from '../base/json.ts';
import { parseOrThrow } from '../base/parse.ts';
import { Time } from '../base/time.ts';
import { Resource } from '../aws/resource.ts';

/**
 * AWS Config's record of a resource, from an event or the API.
 * `tags` is absent when the source does not hold them: absent is not empty.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html
 */
export interface ConfigurationItem extends Resource {
  readonly accountId: AccountId;
  /** `global` for IAM. */
  readonly awsRegion: string;
  readonly status: ItemStatus;
  readonly captureTime: Date;
  /** `null` for deleted resources. */
  readonly configuration: Readonly<Record<string, unknown>> | null;
  /** Parsed, however often AWS encoded them. What is text in AWS Config, such as a key's policy, stays text. */
  readonly supplementary: Readonly<Record<string, unknown>>;
}

const STATUSES = [
  'OK',
  'ResourceDiscovered',
  'ResourceNotRecorded',
  'ResourceDeleted',
  'ResourceDeletedNotRecorded',
] as const;
type ItemStatus = (typeof STATUSES)[number];

/** Whether a resource can be judged: it exists and is recorded. */
export const isJudgeable = ({ status }: Pick<ConfigurationItem, 'status'>): boolean =>
  status === 'OK' || status === 'ResourceDiscovered';

/**
 * Parses the `configurationItem` of an event, or an item of the Config API.
 * They differ in names, in encoding and in the types of dates; the CLI prints dates in further forms.
 * @throws {ComplianceError} permanent `malformed-item`
 */
export const parseConfigurationItem = (input: unknown): ConfigurationItem =>
  parseOrThrow(Item, input, { code: 'malformed-item', what: 'configuration item' });

const decodeJson = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value; // Plain text, such as a status or a name.
  }
};

// AWS encodes this value once more than the others, which are text in the API and JSON in events.
const ENCODED_ONCE_MORE = new Set(['AccessControlList']);

const decodeSupplementary = (values: Readonly<Record<string, unknown>>, form: 'event' | 'api') =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const decoded = form === 'api' ? decodeJson(value) : value;
      return [key, ENCODED_ONCE_MORE.has(key) ? decodeJson(decoded) : decoded];
    }),
  );

const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

const Item = z
  .object({
    awsAccountId: AccountId.optional(),
    accountId: AccountId.optional(),
    awsRegion: z.string(),
    resourceType: Resource.shape.resourceType,
    resourceId: Resource.shape.resourceId,
    resourceName: Text,
    ARN: Text,
    arn: Text,
    configurationItemStatus: z.enum(STATUSES),
    configurationItemCaptureTime: Time,
    configuration: z.preprocess(decodeJson, z.unknown()),
    supplementaryConfiguration: z.record(z.string(), z.unknown()).nullish(),
    tags: z.record(z.string(), z.string()).nullish(),
  })
  .transform((item, context): ConfigurationItem => {
    const accountId = item.awsAccountId ?? item.accountId;
    if (accountId === undefined) {
      context.addIssue({ code: 'custom', message: 'has neither awsAccountId nor accountId' });
      return z.NEVER;
    }
    return {
      accountId,
      awsRegion: item.awsRegion,
      resourceType: item.resourceType,
      resourceId: item.resourceId,
      status: item.configurationItemStatus,
      captureTime: item.configurationItemCaptureTime,
      configuration: isPlainObject(item.configuration) ? item.configuration : null,
      supplementary: decodeSupplementary(
        item.supplementaryConfiguration ?? {},
        item.awsAccountId === undefined ? 'api' : 'event',
      ),
      ...defined({
        resourceName: item.resourceName,
        arn: item.ARN ?? item.arn,
        tags: item.tags ?? undefined,
      }),
    };
  });
