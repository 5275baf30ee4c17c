import {
  ResourceGroupsTaggingAPIClient,
  paginateGetResources,
} from '@aws-sdk/client-resource-groups-tagging-api';

import type { Resource } from './resource.ts';
import type { Session } from './session.ts';

export type Tags = Readonly<Record<string, string>>;

/**
 * The tags of some resources, 100 at most, or of all of a type in the account and Region, by ARN. Types whose tags
 * this API does not know (IAM's, the account) have none here.
 * @see https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 */
export const tagsByArn = async (
  session: Session,
  of: { readonly resources: readonly Resource[] } | { readonly resourceType: string },
): Promise<ReadonlyMap<string, Tags>> => {
  const filter =
    'resources' in of
      ? { ResourceARNList: of.resources.flatMap((resource) => arnsOf(resource, session)) }
      : filterOf(of.resourceType);
  if (!filter || ('ResourceARNList' in filter && filter.ResourceARNList.length === 0)) return new Map();
  const found = new Map<string, Tags>();
  const client = session.client(ResourceGroupsTaggingAPIClient);
  for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client }, filter))
    for (const { ResourceARN, Tags: tags = [] } of ResourceTagMappingList)
      if (ResourceARN !== undefined)
        found.set(ResourceARN, Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])));
  return found;
};

/** The resource with its tags, asked for where the resource does not bring them along. */
export const withTags = async (resource: Resource, session: Session): Promise<Resource> => {
  if (resource.tags) return resource;
  // By the ARN that was asked for: whatever else an answer holds is some other resource's.
  const tags = (await tagsByArn(session, { resources: [resource] })).get(arnOf(resource, session) ?? '');
  return tags ? { ...resource, tags } : resource;
};

/** The ARN of a resource, where its type says how it is made. */
export const arnOf = ({ arn, resourceType, resourceId }: Resource, place: ArnScope): string | undefined =>
  arn ?? (resourceId.startsWith('arn:') ? resourceId : SHAPES[resourceType]?.arn(resourceId, place));

/** The resource with the ARN that its type says it has: an exemption or an exclusion may name it so. */
export const withArn = (resource: Resource, place: ArnScope): Resource => {
  const arn = arnOf(resource, place);
  return arn === undefined ? resource : { ...resource, arn };
};

type ArnScope = Pick<Session, 'accountId' | 'region' | 'partition'>;

interface Shape {
  /** What the tagging API calls the type. */
  readonly filter: string;
  readonly arn: (id: string, place: ArnScope) => string;
}

const ec2 = (kind: string): Shape => ({
  filter: `ec2:${kind}`,
  arn: (id, { partition, region, accountId }) => `arn:${partition}:ec2:${region}:${accountId}:${kind}/${id}`,
});

const SHAPES: Readonly<Record<string, Shape>> = {
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

const arnsOf = (resource: Resource, place: ArnScope) => {
  if (!(resource.resourceType in SHAPES)) return [];
  const arn = arnOf(resource, place);
  return arn === undefined ? [] : [arn];
};

const filterOf = (resourceType: string) => {
  const filter = SHAPES[resourceType]?.filter;
  return filter === undefined ? undefined : { ResourceTypeFilters: [filter] };
};
