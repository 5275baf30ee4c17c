import {
  ResourceGroupsTaggingAPIClient,
  paginateGetResources,
} from '@aws-sdk/client-resource-groups-tagging-api';

import type { Resource } from './resource.ts';
import type { Session } from './session.ts';

export type Tags = Readonly<Record<string, string>>;

/**
 * Reads the tags of at most 100 resources, or of a whole type, by ARN.
 * The API does not know the tags of some types (IAM's, the account): they have none here.
 * @see https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 */
export const tagsByArn = async (
  session: Session,
  selection: { readonly resources: readonly Resource[] } | { readonly resourceType: string },
): Promise<ReadonlyMap<string, Tags>> => {
  const filter =
    'resources' in selection
      ? { ResourceARNList: selection.resources.flatMap((resource) => arnsOf(resource, session)) }
      : filterOf(selection.resourceType);
  if (!filter || ('ResourceARNList' in filter && filter.ResourceARNList.length === 0)) return new Map();
  const found = new Map<string, Tags>();
  const client = session.client(ResourceGroupsTaggingAPIClient);
  for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client }, filter))
    for (const { ResourceARN, Tags: tags = [] } of ResourceTagMappingList)
      if (ResourceARN !== undefined)
        found.set(ResourceARN, Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])));
  return found;
};

/** The resource with its tags, which are read when it has none. */
export const withTags = async (resource: Resource, session: Session): Promise<Resource> => {
  if (resource.tags) return resource;
  // Only of this ARN: anything else in the answer belongs to another resource.
  const tags = (await tagsByArn(session, { resources: [resource] })).get(arnOf(resource, session) ?? '');
  return tags ? { ...resource, tags } : resource;
};

/** The ARN of a resource, when its type determines it. */
export const arnOf = ({ arn, resourceType, resourceId }: Resource, scope: ArnScope): string | undefined =>
  arn ?? (resourceId.startsWith('arn:') ? resourceId : TAGGED_TYPES[resourceType]?.arn(resourceId, scope));

/** The resource with its ARN, by which exemptions and exclusions may name it. */
export const withArn = (resource: Resource, scope: ArnScope): Resource => {
  const arn = arnOf(resource, scope);
  return arn === undefined ? resource : { ...resource, arn };
};

type ArnScope = Pick<Session, 'accountId' | 'region' | 'partition'>;

interface TaggedType {
  /** The type in the tagging API. */
  readonly filter: string;
  readonly arn: (id: string, scope: ArnScope) => string;
}

const ec2 = (kind: string): TaggedType => ({
  filter: `ec2:${kind}`,
  arn: (id, { partition, region, accountId }) => `arn:${partition}:ec2:${region}:${accountId}:${kind}/${id}`,
});

const TAGGED_TYPES: Readonly<Record<string, TaggedType>> = {
  'AWS::S3::Bucket': { filter: 's3', arn: (id, { partition }) => `arn:${partition}:s3:::${id}` },
  'AWS::EC2::VPC': ec2('vpc'),
  'AWS::EC2::SecurityGroup': ec2('security-group'),
  'AWS::EC2::Instance': ec2('instance'),
  'AWS::EC2::Volume': ec2('volume'),
  'AWS::EC2::NetworkAcl': ec2('network-acl'),
  'AWS::KMS::Key': {
    filter: 'kms',
    arn: (id, { partition, region, accountId }) => `arn:${partition}:kms:${region}:${accountId}:key/${id}`,
  },
};

const arnsOf = (resource: Resource, scope: ArnScope) => {
  if (!(resource.resourceType in TAGGED_TYPES)) return [];
  const arn = arnOf(resource, scope);
  return arn === undefined ? [] : [arn];
};

const filterOf = (resourceType: string) => {
  const filter = TAGGED_TYPES[resourceType]?.filter;
  return filter === undefined ? undefined : { ResourceTypeFilters: [filter] };
};
