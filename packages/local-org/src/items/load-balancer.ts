import {
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import { camelCase, camelCaseMembers, tagMap } from './camel-case.ts';
import type { ReadContext, ResourceKind } from './resource-kind.ts';

const client = ({ clients, place }: ReadContext) => clients(ElasticLoadBalancingV2Client, place);

/** Application, network and gateway load balancers. Their id is the ARN; their listeners are no part of the item. */
export const loadBalancer: ResourceKind = {
  resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  global: false,

  list: async (reader) => {
    const { LoadBalancers: all = [] } = await client(reader).send(new DescribeLoadBalancersCommand({}));
    return all.flatMap(({ LoadBalancerArn: arn }) => arn ?? []);
  },

  describe: async (reader, arn) => {
    const elb = client(reader);
    const answer = await undefinedIfNotFound(
      elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] })),
      'LoadBalancerNotFoundException',
    );
    const [found] = answer?.LoadBalancers ?? [];
    if (found === undefined) return undefined;
    const [attributes, tags] = await Promise.all([
      elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn })),
      elb.send(new DescribeTagsCommand({ ResourceArns: [arn] })),
    ]);
    return {
      resourceId: arn,
      resourceName: found.LoadBalancerName ?? null,
      ARN: arn,
      awsRegion: reader.place.region,
      availabilityZone: 'Multiple Availability Zones',
      resourceCreationTime: found.CreatedTime?.toISOString() ?? null,
      tags: tagMap(tags.TagDescriptions?.[0]?.Tags),
      configuration: camelCaseMembers(found),
      supplementaryConfiguration: { LoadBalancerAttributes: camelCase(attributes.Attributes ?? []) },
      relationships:
        found.VpcId === undefined
          ? []
          : [{ resourceId: found.VpcId, resourceType: 'AWS::EC2::VPC', name: 'Is contained in Vpc' }],
    };
  },
};
