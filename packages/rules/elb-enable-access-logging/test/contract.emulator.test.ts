import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateLoadBalancerCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  type LoadBalancerTypeEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const loadBalancer =
  (Type: LoadBalancerTypeEnum, attributes: Readonly<Record<string, string>> = {}) =>
  async (admin: Session): Promise<Resource> => {
    const client = admin.client(ElasticLoadBalancingV2Client);
    const { LoadBalancers: [made] = [] } = await client.send(
      new CreateLoadBalancerCommand({ Name: `lb-${Type}`, Type, Subnets: await subnets(admin) }),
    );
    const resourceId = made?.LoadBalancerArn ?? '';
    await client.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn: resourceId,
        Attributes: Object.entries({ 'deletion_protection.enabled': 'true', ...attributes }).map(
          ([Key, Value]) => ({ Key, Value }),
        ),
      }),
    );
    return { resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer', resourceId };
  };

const subnets = async (admin: Session): Promise<string[]> => {
  const client = admin.client(EC2Client);
  const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const made = await Promise.all(
    ['a', 'b'].map((zone, index) =>
      client.send(
        new CreateSubnetCommand({
          VpcId: Vpc?.VpcId,
          CidrBlock: `10.0.${index}.0/24`,
          AvailabilityZone: `${admin.region}${zone}`,
        }),
      ),
    ),
  );
  return made.flatMap(({ Subnet }) => Subnet?.SubnetId ?? []);
};

const attributesOf = async ({ resourceId: LoadBalancerArn }: Resource, admin: Session) => {
  const { Attributes = [] } = await admin
    .client(ElasticLoadBalancingV2Client)
    .send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
  return Attributes;
};

const item = async (resource: Resource, admin: Session) => {
  const attributes = await attributesOf(resource, admin);
  const { LoadBalancers: [found] = [] } = await admin
    .client(ElasticLoadBalancingV2Client)
    .send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [resource.resourceId] }));
  return itemOf(resource, admin, {
    arn: resource.resourceId,
    resourceName: found?.LoadBalancerName,
    tags: [],
    configuration: { type: found?.Type, loadBalancerName: found?.LoadBalancerName },
    supplementaryConfiguration: {
      LoadBalancerAttributes: JSON.stringify(
        attributes.map(({ Key: key, Value: value }) => ({ key, value })),
      ),
    },
  });
};

describeRuleContract(rule, {
  parameters: { logBucket: 'logs-{accountId}-{region}', logPrefix: 'lb' },
  compliant: {
    'a load balancer with access logs': loadBalancer('application', {
      'access_logs.s3.enabled': 'true',
      'access_logs.s3.bucket': 'elsewhere',
    }),
  },
  nonCompliant: {
    'a load balancer without access logs': loadBalancer('application'),
    'a load balancer with connection logs alone': loadBalancer('application', {
      'connection_logs.s3.enabled': 'true',
      'connection_logs.s3.bucket': 'elsewhere',
    }),
  },
  notApplicable: {
    'a network load balancer without TLS': loadBalancer('network'),
    'a gateway load balancer': loadBalancer('gateway'),
  },
  item,
  untouched: async (resource, admin) =>
    (await attributesOf(resource, admin)).filter(({ Key = '' }) => !Key.startsWith('access_logs.')),
  gone: {
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    resourceId: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/gone/0123456789abcdef',
  },
});
