import {
  DescribeNetworkAclsCommand,
  EC2Client,
  paginateDescribeNetworkAcls,
  type NetworkAcl,
} from '@aws-sdk/client-ec2';
import { hasCode, type Rule, type Session } from '@compliance/core/rule';
import * as z from 'zod';

export const NETWORK_ACL = 'AWS::EC2::NetworkAcl';

/** An entry for traffic into the subnets. `other`: it has no ports. */
export const Entry = z.object({
  ruleNumber: z.int(),
  action: z.enum(['allow', 'deny']),
  protocol: z.enum(['tcp', 'udp', 'all', 'other']),
  fromPort: z.int(),
  toPort: z.int(),
  cidr: z.string(),
});
export type Entry = z.infer<typeof Entry>;

export const Facts = z.object({
  ownerId: z.string(),
  /** Whether a subnet has the ACL. */
  associated: z.boolean(),
  /** In the order in which EC2 applies them, without the last one, which denies all. */
  entries: z.array(Entry),
});
export type Facts = z.infer<typeof Facts>;

export const Handles = z.object({ subnets: z.array(z.string()) });
export type Handles = z.infer<typeof Handles>;

export const observe: Rule<Facts, unknown, Handles>['observe'] = {
  item: ({ configuration }) => {
    const parsed = ItemConfiguration.safeParse(configuration);
    return parsed.success ? observationOf(parsed.data) : undefined;
  },
  get: async ({ resourceId }, { session }) => {
    const acl = await describeAcl(resourceId, session);
    return acl && observationOf(acl);
  },
  list: async function* ({ session }) {
    const client = session.client(EC2Client);
    for await (const { NetworkAcls = [] } of paginateDescribeNetworkAcls({ client, pageSize: 1000 }, {}))
      for (const acl of NetworkAcls) yield { resource: resourceOf(acl), ...observationOf(acl) };
  },
};

const describeAcl = async (networkAclId: string, session: Session): Promise<NetworkAcl | undefined> => {
  try {
    const command = new DescribeNetworkAclsCommand({ NetworkAclIds: [networkAclId] });
    return (await session.client(EC2Client).send(command)).NetworkAcls?.[0];
  } catch (error) {
    if (hasCode(error, 'InvalidNetworkAclID.NotFound')) return undefined;
    throw error;
  }
};

const resourceOf = ({ NetworkAclId = '', Tags = [] }: NetworkAcl) => ({
  resourceType: NETWORK_ACL,
  resourceId: NetworkAclId,
  tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
});

const observationOf = ({ OwnerId = '', Associations = [], Entries = [] }: NetworkAcl) => ({
  facts: {
    ownerId: OwnerId,
    associated: Associations.length > 0,
    entries: Entries.flatMap(entryOf).toSorted((a, b) => a.ruleNumber - b.ruleNumber),
  },
  handles: { subnets: Associations.map(({ SubnetId = '' }) => SubnetId).toSorted() },
});

/** The highest number that an entry may have; above it are those that deny all of IPv4 and of IPv6. */
const LAST_RULE_NUMBER = 32_766;

const ALL_PORTS = { From: 0, To: 65_535 };

const entryOf = (entry: NonNullable<NetworkAcl['Entries']>[number]): Entry[] => {
  const { Egress, RuleNumber = 0, RuleAction, Protocol = '', CidrBlock, Ipv6CidrBlock } = entry;
  if (Egress === true || RuleNumber > LAST_RULE_NUMBER) return [];
  const { From = 0, To = 65_535 } = entry.PortRange ?? ALL_PORTS;
  return [
    {
      ruleNumber: RuleNumber,
      action: RuleAction === 'allow' ? 'allow' : 'deny',
      protocol: PROTOCOLS[Protocol] ?? 'other',
      fromPort: From,
      toPort: To,
      cidr: CidrBlock ?? Ipv6CidrBlock ?? '',
    },
  ];
};

const PROTOCOLS: Readonly<Record<string, Entry['protocol']>> = { '-1': 'all', '6': 'tcp', '17': 'udp' };

/** Converts an item to the API's form. */
const ItemEntry = z
  .object({
    cidrBlock: z.string().nullish(),
    ipv6CidrBlock: z.string().nullish(),
    egress: z.boolean(),
    protocol: z.string(),
    portRange: z.object({ from: z.int(), to: z.int() }).nullish(),
    ruleAction: z.enum(['allow', 'deny']),
    ruleNumber: z.int(),
  })
  .refine(({ cidrBlock, ipv6CidrBlock }) => cidrBlock ?? ipv6CidrBlock, 'The entry has no CIDR.')
  .transform((entry) => ({
    CidrBlock: entry.cidrBlock ?? undefined,
    Ipv6CidrBlock: entry.ipv6CidrBlock ?? undefined,
    Egress: entry.egress,
    Protocol: entry.protocol,
    PortRange: entry.portRange ? { From: entry.portRange.from, To: entry.portRange.to } : undefined,
    RuleAction: entry.ruleAction,
    RuleNumber: entry.ruleNumber,
  }));

const ItemConfiguration = z
  .object({
    ownerId: z.string(),
    associations: z.array(z.object({ subnetId: z.string() })),
    entries: z.array(ItemEntry),
  })
  .transform(({ ownerId, associations, entries }) => ({
    OwnerId: ownerId,
    Associations: associations.map(({ subnetId }) => ({ SubnetId: subnetId })),
    Entries: entries,
  }));
