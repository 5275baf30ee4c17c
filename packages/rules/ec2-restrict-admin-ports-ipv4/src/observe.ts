import {
  DescribeSecurityGroupsCommand,
  EC2Client,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import {
  defined,
  hasCode,
  type ConfigurationItem,
  type Listed,
  type Resource,
  type Session,
} from '@compliance/core/rule';
import * as z from 'zod';

import {
  Ingress,
  IngressRule,
  ingressOf,
  ingressOfPermissions,
  ingressOfRules,
  isPrefixList,
} from './ingress.ts';
import { PrefixLists, readPrefixList } from './prefix-lists.ts';

export const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';

/** The IPv4 sources that a security group admits, on all ports. */
export const Facts = z.object({
  ownerId: z.string(),
  ingress: z.array(Ingress),
  /** Each prefix list in `ingress`. */
  prefixLists: PrefixLists,
});
export type Facts = z.infer<typeof Facts>;

export const Handles = z.object({ rules: z.array(IngressRule) });
export type Handles = z.infer<typeof Handles>;

/** Parses an item, unless it names prefix lists: it does not have their entries. */
export const parseItem = ({ configuration }: ConfigurationItem): { facts: Facts } | undefined => {
  const parsed = ItemConfiguration.safeParse(configuration);
  if (!parsed.success) return undefined;
  const { ownerId, ipPermissions } = parsed.data;
  const ingress = ingressOfPermissions(ipPermissions);
  return ingress.some(({ source }) => isPrefixList(source))
    ? undefined
    : { facts: { ownerId, ingress, prefixLists: {} } };
};

/** Reads a group. Facts and handles come from the same rules, so that they match. */
export const getSecurityGroup = async (
  { resourceId }: Resource,
  { session }: { readonly session: Session },
) => {
  const client = session.client(EC2Client);
  const group = await describeGroup(resourceId, client);
  if (!group) return undefined;
  const found = await Array.fromAsync(
    paginateDescribeSecurityGroupRules(
      { client, pageSize: 1000 },
      { Filters: [{ Name: 'group-id', Values: [resourceId] }] },
    ),
  );
  const rules = ingressOfRules(found.flatMap(({ SecurityGroupRules = [] }) => SecurityGroupRules));
  const facts = await collectFacts(group, rules.map(ingressOf), (prefixListId) =>
    readPrefixList(prefixListId, client),
  );
  return { facts, identity: identityOf(group), handles: { rules } };
};

/** Lists groups: one call per thousand groups, and one per hundred entries of a prefix list. */
export const listSecurityGroups = async function* ({
  session,
}: {
  readonly session: Session;
}): AsyncGenerator<Listed<Facts, Handles>> {
  const client = session.client(EC2Client);
  const entriesOnce = (prefixListId: string) =>
    session.once(`ec2/prefix-list/${prefixListId}`, () => readPrefixList(prefixListId, client));
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client, pageSize: 1000 }, {}))
    for (const group of SecurityGroups) {
      const resource = resourceOf(group);
      try {
        const facts = await collectFacts(group, ingressOfPermissions(group.IpPermissions ?? []), entriesOnce);
        yield { resource, facts };
      } catch {
        // A prefix list that fails for a moment must not end the listing: `get` tries again for each of its groups.
        yield { resource };
      }
    }
};

const describeGroup = async (groupId: string, client: EC2Client): Promise<SecurityGroup | undefined> => {
  try {
    const answer = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }));
    return answer.SecurityGroups?.[0];
  } catch (error) {
    if (hasCode(error, 'InvalidGroup.NotFound')) return undefined;
    throw error;
  }
};

const collectFacts = async (
  { OwnerId = '' }: SecurityGroup,
  ingress: Ingress[],
  entries: (prefixListId: string) => Promise<PrefixLists[string]>,
): Promise<Facts> => {
  const ids = new Set(ingress.map(({ source }) => source).filter(isPrefixList));
  const prefixLists = await Promise.all([...ids].map(async (id) => [id, await entries(id)] as const));
  return { ownerId: OwnerId, ingress, prefixLists: Object.fromEntries(prefixLists) };
};

const resourceOf = (group: SecurityGroup): Resource => ({
  resourceType: SECURITY_GROUP,
  resourceId: group.GroupId ?? '',
  ...identityOf(group),
  tags: Object.fromEntries((group.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
});

const identityOf = ({ GroupName, SecurityGroupArn }: SecurityGroup) =>
  defined({ resourceName: GroupName, arn: SecurityGroupArn });

const Port = z.int().nullish();

/** Converts a permission of an item to the API's form. Older items have `ipRanges` only. */
const ItemPermission = z
  .object({
    ipProtocol: z.string(),
    fromPort: Port,
    toPort: Port,
    ipv4Ranges: z.array(z.object({ cidrIp: z.string() })).optional(),
    ipRanges: z.array(z.string()).optional(),
    prefixListIds: z.array(z.object({ prefixListId: z.string() })),
  })
  .refine(({ ipv4Ranges, ipRanges }) => ipv4Ranges ?? ipRanges, 'The permission has no IPv4 ranges.')
  .transform(({ ipProtocol, fromPort, toPort, ipv4Ranges, ipRanges, prefixListIds }) => ({
    IpProtocol: ipProtocol,
    FromPort: fromPort ?? undefined,
    ToPort: toPort ?? undefined,
    IpRanges:
      ipv4Ranges?.map(({ cidrIp }) => ({ CidrIp: cidrIp })) ?? ipRanges?.map((CidrIp) => ({ CidrIp })),
    PrefixListIds: prefixListIds.map(({ prefixListId }) => ({ PrefixListId: prefixListId })),
  }));

const ItemConfiguration = z.object({ ownerId: z.string(), ipPermissions: z.array(ItemPermission) });
