import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { permanent } from '../base/errors.ts';
import { isPlainObject } from '../base/json.ts';
import { type Resource } from '../aws/resource.ts';

/**
 * AWS Config's record of a resource, in one form whether it came in an event or from the API.
 * `tags` is absent where the source does not tell them: absent is not empty.
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
  /** Values parsed, however often AWS had encoded them; what is text to AWS Config, as a key's policy, stays text. */
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

/** A resource that is there and recorded can be judged; of any other there is nothing to say. */
export const isJudgeable = ({ status }: Pick<ConfigurationItem, 'status'>): boolean =>
  status === 'OK' || status === 'ResourceDiscovered';

/**
 * Reads an event's `configurationItem` or an item of the Config API, which differ in names, in encoding and in
 * the types of dates.
 * @throws {ComplianceError} `malformed-item`
 */
export const parseConfigurationItem = (input: unknown): ConfigurationItem => {
  const parsed = Item.safeParse(input);
  if (parsed.success) return parsed.data;
  throw permanent(
    'malformed-item',
    `This is no configuration item: ${z.prettifyError(parsed.error)}`,
    parsed.error,
  );
};

const decodeJson = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value; // Plain text, as a status or a name is.
  }
};

// AWS encodes this one once more than the rest, which is text in the API and JSON in events.
const ENCODED_ONCE_MORE = new Set(['AccessControlList']);

const decodeSupplementary = (values: Readonly<Record<string, unknown>>, form: 'event' | 'api') =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const decoded = form === 'api' ? decodeJson(value) : value;
      return [key, ENCODED_ONCE_MORE.has(key) ? decodeJson(decoded) : decoded];
    }),
  );

const Time = z.union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))]);
const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

const Item = z
  .object({
    awsAccountId: AccountId.optional(),
    accountId: AccountId.optional(),
    awsRegion: z.string(),
    resourceType: z.string().min(1),
    resourceId: z.string().min(1),
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
      context.addIssue({ code: 'custom', message: 'neither awsAccountId nor accountId is there' });
      return z.NEVER;
    }
    const arn = item.ARN ?? item.arn;
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
      ...(item.resourceName !== undefined && { resourceName: item.resourceName }),
      ...(arn !== undefined && { arn }),
      ...(item.tags && { tags: item.tags }),
    };
  });
