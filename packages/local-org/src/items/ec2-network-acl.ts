import { DescribeNetworkAclsCommand } from '@aws-sdk/client-ec2';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import { camelCase, tagList, tagMap } from './camel-case.ts';
import { containedIn, ec2Client, regional } from './ec2.ts';
import type { ResourceKind } from './resource-kind.ts';

export const networkAcl: ResourceKind = {
  resourceType: 'AWS::EC2::NetworkAcl',
  global: false,
  list: async (reader) => {
    const { NetworkAcls: acls = [] } = await ec2Client(reader).send(new DescribeNetworkAclsCommand({}));
    return acls.flatMap(({ NetworkAclId: id }) => id ?? []);
  },
  describe: async (reader, networkAclId) => {
    const command = new DescribeNetworkAclsCommand({ NetworkAclIds: [networkAclId] });
    const answer = await undefinedIfNotFound(ec2Client(reader).send(command), 'InvalidNetworkAclID.NotFound');
    const [found] = answer?.NetworkAcls ?? [];
    if (found === undefined) return undefined;
    const tags = tagMap(found.Tags);
    return {
      ...regional(reader, 'network-acl', networkAclId, tags),
      resourceName: null,
      availabilityZone: 'Multiple Availability Zones',
      configuration: {
        associations: camelCase(found.Associations ?? []),
        entries: (found.Entries ?? []).map((entry) => ({
          cidrBlock: entry.CidrBlock ?? null,
          egress: entry.Egress,
          icmpTypeCode: camelCase(entry.IcmpTypeCode ?? null),
          ipv6CidrBlock: entry.Ipv6CidrBlock ?? null,
          portRange: camelCase(entry.PortRange ?? null),
          protocol: entry.Protocol,
          ruleAction: entry.RuleAction,
          ruleNumber: entry.RuleNumber,
        })),
        isDefault: found.IsDefault,
        networkAclId,
        tags: tagList(tags),
        vpcId: found.VpcId,
        ownerId: reader.place.accountId,
      },
      relationships: containedIn(found.VpcId),
    };
  },
};
