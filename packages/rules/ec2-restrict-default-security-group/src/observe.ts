import type { SecurityGroup } from '@aws-sdk/client-ec2';
import type { ConfigurationItem, Rule } from '@compliance/core/rule';
import {
  describeGroup,
  identityOf,
  interfacesOf,
  readRules,
  resourceOf,
  sharedGroups,
} from '@compliance/security-group-ingress';
import * as z from 'zod';

import {
  groupRuleOf,
  GroupRule,
  inOrder,
  revocableRules,
  RevocableRule,
  rulesOfPermissions,
} from './group-rules.ts';

export const Facts = z.object({
  ownerId: z.string(),
  /** Whether the group is the one that its VPC came with. The name is reserved, so no other group has it. */
  isDefault: z.boolean(),
  /** In both directions. Empty for any other group. */
  rules: z.array(GroupRule),
});
export type Facts = z.infer<typeof Facts>;

export const Handles = z.object({
  rules: z.array(RevocableRule),
  /** The network interfaces that use the group. */
  interfaces: z.array(z.string()),
});
export type Handles = z.infer<typeof Handles>;

/** Observes the default group of each VPC. Other groups have no facts to judge. */
export const observe: Rule<Facts, unknown, Handles>['observe'] = {
  item: ({ configuration }: ConfigurationItem) => {
    const parsed = ItemConfiguration.safeParse(configuration);
    return parsed.success ? { facts: factsOf(parsed.data) } : undefined;
  },

  get: async ({ resourceId }, { session }) => {
    const group = await describeGroup(resourceId, session);
    if (!group) return undefined;
    const identity = identityOf(group);
    const rules = isDefault(group) ? revocableRules(await readRules(resourceId, session)) : [];
    const interfaces = isDefault(group) ? await interfacesOf(resourceId, session) : [];
    return {
      facts: { ...factsOf(group), rules: rules.map(groupRuleOf) },
      identity,
      handles: { rules, interfaces },
    };
  },

  list: async function* ({ session }) {
    for (const group of await sharedGroups(session))
      if (isDefault(group)) yield { resource: resourceOf(group), facts: factsOf(group) };
  },
};

const isDefault = ({ GroupName }: Pick<SecurityGroup, 'GroupName'>) => GroupName === 'default';

const factsOf = (group: SecurityGroup): Facts => ({
  ownerId: group.OwnerId ?? '',
  isDefault: isDefault(group),
  rules: isDefault(group)
    ? inOrder([
        ...rulesOfPermissions(group.IpPermissions ?? [], 'ingress'),
        ...rulesOfPermissions(group.IpPermissionsEgress ?? [], 'egress'),
      ])
    : [],
});

/** Converts an item to the API's form. */
const ItemPermission = z
  .object({
    ipProtocol: z.string(),
    fromPort: z.int().nullish(),
    toPort: z.int().nullish(),
    ipv4Ranges: z.array(z.object({ cidrIp: z.string() })),
    ipv6Ranges: z.array(z.object({ cidrIpv6: z.string() })),
    prefixListIds: z.array(z.object({ prefixListId: z.string() })),
    userIdGroupPairs: z.array(z.object({ groupId: z.string() })),
  })
  .transform((permission) => ({
    IpProtocol: permission.ipProtocol,
    FromPort: permission.fromPort ?? undefined,
    ToPort: permission.toPort ?? undefined,
    IpRanges: permission.ipv4Ranges.map(({ cidrIp }) => ({ CidrIp: cidrIp })),
    Ipv6Ranges: permission.ipv6Ranges.map(({ cidrIpv6 }) => ({ CidrIpv6: cidrIpv6 })),
    PrefixListIds: permission.prefixListIds.map(({ prefixListId }) => ({ PrefixListId: prefixListId })),
    UserIdGroupPairs: permission.userIdGroupPairs.map(({ groupId }) => ({ GroupId: groupId })),
  }));

const ItemConfiguration = z
  .object({
    ownerId: z.string(),
    groupName: z.string(),
    ipPermissions: z.array(ItemPermission),
    ipPermissionsEgress: z.array(ItemPermission),
  })
  .transform(({ ownerId, groupName, ipPermissions, ipPermissionsEgress }) => ({
    OwnerId: ownerId,
    GroupName: groupName,
    IpPermissions: ipPermissions,
    IpPermissionsEgress: ipPermissionsEgress,
  }));
