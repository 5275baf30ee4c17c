import type { ConfigurationItem } from '../base/configuration-item.ts';
import { toJsonTime } from '../base/json-time.ts';

const asJson = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));

/** A BaseConfigurationItem, as in BatchGetResourceConfig: without tags and relationships. */
export const baseApiForm = (item: ConfigurationItem) => ({
  version: item.configurationItemVersion,
  accountId: item.awsAccountId,
  configurationItemCaptureTime: toJsonTime(new Date(item.configurationItemCaptureTime)),
  configurationItemStatus: item.configurationItemStatus,
  configurationStateId: String(item.configurationStateId),
  arn: item.ARN,
  resourceType: item.resourceType,
  resourceId: item.resourceId,
  resourceName: item.resourceName ?? undefined,
  awsRegion: item.awsRegion,
  availabilityZone: item.availabilityZone,
  resourceCreationTime:
    item.resourceCreationTime === null ? undefined : toJsonTime(new Date(item.resourceCreationTime)),
  configuration: item.configuration === null ? undefined : JSON.stringify(item.configuration),
  supplementaryConfiguration: asJson(item.supplementaryConfiguration),
});

/** A ConfigurationItem, as in GetResourceConfigHistory: other names than in the event, and text instead of objects. */
export const apiForm = (item: ConfigurationItem) => ({
  ...baseApiForm(item),
  configurationItemMD5Hash: item.configurationStateMd5Hash,
  relatedEvents: item.relatedEvents,
  relationships: item.relationships.map(({ name, ...relationship }) => ({
    ...relationship,
    relationshipName: name,
  })),
  tags: item.tags,
});
