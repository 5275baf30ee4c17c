import type { NetworkAcl, NetworkAclEntry } from '@aws-sdk/client-ec2';
import * as z from 'zod';

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

/** The entries for traffic into the subnets in the order in which EC2 applies them, without the last, which denies all. */
export const entriesOf = ({ Entries = [] }: Pick<NetworkAcl, 'Entries'>): Entry[] =>
  Entries.flatMap(entryOf).toSorted((a, b) => a.ruleNumber - b.ruleNumber);

/** The highest number that an entry may have; above it are those that deny all of IPv4 and of IPv6. */
const LAST_RULE_NUMBER = 32_766;

const ALL_PORTS = { From: 0, To: 65_535 };

const entryOf = (entry: NetworkAclEntry): Entry[] => {
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

/** An entry in an item of AWS Config, converted to the API's form. */
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
  .transform((entry): NetworkAclEntry => ({
    CidrBlock: entry.cidrBlock ?? undefined,
    Ipv6CidrBlock: entry.ipv6CidrBlock ?? undefined,
    Egress: entry.egress,
    Protocol: entry.protocol,
    PortRange: entry.portRange ? { From: entry.portRange.from, To: entry.portRange.to } : undefined,
    RuleAction: entry.ruleAction,
    RuleNumber: entry.ruleNumber,
  }));

/** The configuration of a network ACL in an item, in the API's form. */
export const ItemAcl = z
  .object({
    ownerId: z.string(),
    associations: z.array(z.object({ subnetId: z.string() })),
    entries: z.array(ItemEntry),
  })
  .transform(({ ownerId, associations, entries }): NetworkAcl => ({
    OwnerId: ownerId,
    Associations: associations.map(({ subnetId }) => ({ SubnetId: subnetId })),
    Entries: entries,
  }));
