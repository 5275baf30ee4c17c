import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateVpcCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
  type CreateNetworkAclEntryCommandInput,
} from '@aws-sdk/client-ec2';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

type Entry = Partial<Omit<CreateNetworkAclEntryCommandInput, 'NetworkAclId' | 'Egress'>>;

/** A new ACL with these entries for traffic into its subnets. */
const acl =
  (...entries: readonly Entry[]) =>
  async (admin: Session): Promise<Resource> => {
    const client = admin.client(EC2Client);
    const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const { NetworkAcl } = await client.send(
      new CreateNetworkAclCommand({
        VpcId: Vpc?.VpcId,
        TagSpecifications: [{ ResourceType: 'network-acl', Tags: [{ Key: 'owner', Value: 'network' }] }],
      }),
    );
    const NetworkAclId = NetworkAcl?.NetworkAclId ?? '';
    for (const entry of entries)
      await client.send(
        new CreateNetworkAclEntryCommand({
          NetworkAclId,
          Egress: false,
          RuleAction: 'allow',
          RuleNumber: 100,
          Protocol: '6',
          ...entry,
        }),
      );
    return { resourceType: 'AWS::EC2::NetworkAcl', resourceId: NetworkAclId };
  };

/** The default ACL of a new VPC, as AWS makes it. */
const defaultAcl = async (admin: Session): Promise<Resource> => {
  const client = admin.client(EC2Client);
  const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { NetworkAcls: [found] = [] } = await client.send(
    new DescribeNetworkAclsCommand({ Filters: [{ Name: 'vpc-id', Values: [Vpc?.VpcId ?? ''] }] }),
  );
  return { resourceType: 'AWS::EC2::NetworkAcl', resourceId: found?.NetworkAclId ?? '' };
};

const port = (From: number, To = From) => ({ PortRange: { From, To } });
const everywhere = { CidrBlock: '0.0.0.0/0' };
const everywhere6 = { Ipv6CidrBlock: '::/0' };
const ping = { Protocol: '1', IcmpTypeCode: { Type: 8, Code: -1 } };

const item = async (resource: Resource, admin: Session) => {
  const { NetworkAcls: [found] = [] } = await admin
    .client(EC2Client)
    .send(new DescribeNetworkAclsCommand({ NetworkAclIds: [resource.resourceId] }));
  return itemOf(resource, admin, {
    arn: `arn:aws:ec2:${admin.region}:${admin.accountId}:network-acl/${resource.resourceId}`,
    tags: found?.Tags,
    configuration: {
      ownerId: found?.OwnerId,
      associations: (found?.Associations ?? []).map(({ SubnetId }) => ({ subnetId: SubnetId })),
      entries: (found?.Entries ?? []).map((entry) => ({
        cidrBlock: entry.CidrBlock ?? null,
        ipv6CidrBlock: entry.Ipv6CidrBlock ?? null,
        egress: entry.Egress,
        portRange: entry.PortRange ? { from: entry.PortRange.From, to: entry.PortRange.To } : null,
        protocol: entry.Protocol,
        ruleAction: entry.RuleAction,
        ruleNumber: entry.RuleNumber,
      })),
    },
  });
};

/** What is in an ACL before a fix stays in it. */
const entriesBefore = () => {
  const seen = new Map<string, readonly (number | undefined)[]>();
  return async ({ resourceId }: Resource, admin: Session) => {
    const { NetworkAcls: [found] = [] } = await admin
      .client(EC2Client)
      .send(new DescribeNetworkAclsCommand({ NetworkAclIds: [resourceId] }));
    const entries = found?.Entries ?? [];
    const known = seen.get(resourceId) ?? entries.map(({ RuleNumber }) => RuleNumber);
    seen.set(resourceId, known);
    return entries.filter(({ RuleNumber }) => known.includes(RuleNumber));
  };
};

const gone = { resourceType: 'AWS::EC2::NetworkAcl', resourceId: 'acl-0123456789abcdef0' };

describeRuleContract(rule, {
  compliant: {
    'an ACL that denies SSH and RDP before it allows all': acl(
      { RuleNumber: 90, RuleAction: 'deny', ...port(22), ...everywhere },
      { RuleNumber: 91, RuleAction: 'deny', Protocol: '17', ...port(0, 1023), ...everywhere },
      { RuleNumber: 92, RuleAction: 'deny', Protocol: '-1', ...everywhere },
      { RuleNumber: 100, Protocol: '-1', ...everywhere },
    ),
    'an ACL that allows HTTPS and pings': acl(
      { ...port(443), ...everywhere },
      { RuleNumber: 110, ...ping, ...everywhere },
    ),
  },
  nonCompliant: {
    'the default ACL of a VPC': defaultAcl,
    'an ACL that allows an office, and then RDP from everywhere in halves and over IPv6': acl(
      { RuleNumber: 97, ...port(3389), CidrBlock: '192.0.2.0/24' },
      { RuleNumber: 99, ...ping, ...everywhere },
      { RuleNumber: 100, ...port(3389), CidrBlock: '0.0.0.0/1' },
      { RuleNumber: 101, ...port(3389), CidrBlock: '128.0.0.0/1' },
      { RuleNumber: 200, ...port(3000, 4000), ...everywhere6 },
    ),
  },
  manual: {
    'an ACL without a free number between an office and everyone': acl(
      { RuleNumber: 99, ...port(22), CidrBlock: '8.8.8.0/24' },
      { RuleNumber: 100, ...port(22), ...everywhere },
    ),
  },
  item,
  untouched: entriesBefore(),
  gone,
  unproven: {
    'ec2:DeleteNetworkAclEntry': 'A fix uses it only in mode removeAllow: the contract below proves it.',
    'ec2:CreateNetworkAclEntry': 'An undo uses it only in mode removeAllow: the contract below proves it.',
  },
});

describeRuleContract(rule, {
  parameters: { fixMode: 'removeAllow' },
  compliant: {},
  nonCompliant: {
    'an ACL that allows SSH from everywhere twice': acl(
      { RuleNumber: 90, ...port(443), ...everywhere },
      { RuleNumber: 100, ...port(22), ...everywhere },
      { RuleNumber: 110, Protocol: '-1', ...everywhere },
    ),
  },
  item,
  unproven: {
    'ec2:CreateNetworkAclEntry': 'A fix uses it only in mode insertDeny: the contract above proves it.',
    'ec2:DeleteNetworkAclEntry': 'An undo uses it only in mode insertDeny: the contract above proves it.',
  },
});
