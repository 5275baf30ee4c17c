import {
  ResourceGroupsTaggingAPIClient,
  paginateGetResources,
} from '@aws-sdk/client-resource-groups-tagging-api';

import type { Resource } from './resource.ts';
import type { Session } from './session.ts';

export type Tags = Readonly<Record<string, string>>;

/** The tags of a resource by their keys, from the list in which most services answer them. */
export const tagsOf = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Tags =>
  Object.fromEntries(tags.flatMap(({ Key, Value = '' }) => (Key === undefined ? [] : [[Key, Value]])));

/**
 * Reads the tags of at most 100 resources, or of a whole type, by ARN.
 * Types without a tag filter (IAM's, the account) have no tags here.
 * @see https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 */
export const tagsByArn = async (
  session: Session,
  { tagFilter, ...shape }: ResourceShape,
  resources?: readonly Resource[],
): Promise<ReadonlyMap<string, Tags>> => {
  const arns = resources?.flatMap((resource) => arnOf(resource, session, shape) ?? []);
  if (tagFilter === undefined || arns?.length === 0) return new Map();
  const filter = arns ? { ResourceARNList: arns } : { ResourceTypeFilters: [tagFilter] };
  const found = new Map<string, Tags>();
  const client = session.client(ResourceGroupsTaggingAPIClient);
  for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client }, filter))
    for (const { ResourceARN, Tags: tags = [] } of ResourceTagMappingList)
      if (ResourceARN !== undefined) found.set(ResourceARN, tagsOf(tags));
  return found;
};

/** The resource with its tags, which are read when it has none. */
export const withTags = async (
  resource: Resource,
  session: Session,
  shape: ResourceShape = {},
): Promise<Resource> => {
  if (resource.tags) return resource;
  // Only of this ARN: anything else in the answer belongs to another resource.
  const tags = (await tagsByArn(session, shape, [resource])).get(arnOf(resource, session, shape) ?? '');
  return tags ? { ...resource, tags } : resource;
};

/** The ARN of a resource, when its type determines it. */
export const arnOf = (
  { arn, resourceId }: Resource,
  scope: ArnScope,
  shape: ResourceShape = {},
): string | undefined => arn ?? (resourceId.startsWith('arn:') ? resourceId : shape.arn?.(resourceId, scope));

/** The resource with its ARN, by which exemptions and exclusions may name it. */
export const withArn = (resource: Resource, scope: ArnScope, shape?: ResourceShape): Resource => {
  const arn = arnOf(resource, scope, shape);
  return arn === undefined ? resource : { ...resource, arn };
};

type ArnScope = Pick<Session, 'accountId' | 'region' | 'partition'>;

/** The properties of a resource type that core needs. They come with the rule or its family, so that a new type edits nothing here. */
export interface ResourceShape {
  /** The ARN of an id, when the id determines it. */
  readonly arn?: (id: string, scope: ArnScope) => string;
  /** The type in the tagging API: `s3`, `ec2:vpc`. Absent for types whose tags that API does not know. */
  readonly tagFilter?: string;
}

/** The shape of an EC2 resource type: `ec2Shape('vpc')`. */
export const ec2Shape = (kind: string): ResourceShape => ({
  tagFilter: `ec2:${kind}`,
  arn: (id, { partition, region, accountId }) => `arn:${partition}:ec2:${region}:${accountId}:${kind}/${id}`,
});
