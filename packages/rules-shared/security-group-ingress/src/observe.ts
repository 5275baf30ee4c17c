import { EC2Client, type SecurityGroup } from '@aws-sdk/client-ec2';
import type { ConfigurationItem, Rule } from '@compliance/core/rule';
import * as z from 'zod';

import type { Family } from './cidr.ts';
import {
  concerns,
  Ingress,
  IngressRule,
  ingressOf,
  ingressOfPermissions,
  ingressOfRules,
  isPrefixList,
} from './ingress.ts';
import { entriesIn, PrefixLists, readPrefixList, sharedPrefixList } from './prefix-lists.ts';
import {
  describeGroup,
  identityOf,
  interfacesOf,
  readRules,
  resourceOf,
  sharedGroups,
} from './security-groups.ts';

/** The sources of the rule's families that a security group admits, on all ports. */
export const Facts = z.object({
  ownerId: z.string().max(12),
  ingress: z.array(Ingress),
  /** Each prefix list in `ingress`. */
  prefixLists: PrefixLists,
});
export type Facts = z.infer<typeof Facts>;

export const Handles = z.object({
  rules: z.array(IngressRule),
  /** The network interfaces that use the group. */
  interfaces: z.array(z.string()),
});
export type Handles = z.infer<typeof Handles>;

/** Creates the `observe` of a rule on sources of these families. */
export const observeIngress = (families: readonly Family[]): Rule<Facts, unknown, Handles>['observe'] => ({
  item: (item) => parseItem(item, families),

  // Facts and handles come from the same rules, so that they match.
  get: async ({ resourceId }, { session }) => {
    const group = await describeGroup(resourceId, session);
    if (!group) return undefined;
    const rules = ingressOfRules(await readRules(resourceId, session)).filter(concerns(families));
    const client = session.client(EC2Client);
    const facts = await collectFacts(group, rules.map(ingressOf), async (prefixListId) =>
      entriesIn(families, await readPrefixList(prefixListId, client)),
    );
    const interfaces = rules.length > 0 ? await interfacesOf(resourceId, session) : [];
    return { facts, identity: identityOf(group), handles: { rules, interfaces } };
  },

  list: async function* ({ session }) {
    for (const group of await sharedGroups(session)) {
      const resource = resourceOf(group);
      const ingress = ingressOfPermissions(group.IpPermissions ?? []).filter(concerns(families));
      try {
        const facts = await collectFacts(group, ingress, async (prefixListId) =>
          entriesIn(families, await sharedPrefixList(prefixListId, session)),
        );
        yield { resource, facts };
      } catch {
        // A prefix list that fails for a moment must not end the listing: `get` tries again for each of its groups.
        yield { resource };
      }
    }
  },
});

const collectFacts = async (
  { OwnerId = '' }: SecurityGroup,
  ingress: Ingress[],
  entries: (prefixListId: string) => Promise<PrefixLists[string]>,
): Promise<Facts> => {
  const ids = new Set(ingress.map(({ source }) => source).filter(isPrefixList));
  const prefixLists = await Promise.all([...ids].map(async (id) => [id, await entries(id)] as const));
  return { ownerId: OwnerId, ingress, prefixLists: Object.fromEntries(prefixLists) };
};

/** Parses an item, unless it names prefix lists: it does not have their entries. */
const parseItem = (
  { configuration }: ConfigurationItem,
  families: readonly Family[],
): { facts: Facts } | undefined => {
  const parsed = ItemConfiguration[families.includes('ipv6') ? 'ipv6' : 'ipv4'].safeParse(configuration);
  if (!parsed.success) return undefined;
  const { ownerId, ipPermissions } = parsed.data;
  const ingress = ingressOfPermissions(ipPermissions).filter(concerns(families));
  return ingress.some(({ source }) => isPrefixList(source))
    ? undefined
    : { facts: { ownerId, ingress, prefixLists: {} } };
};

const Port = z.int().nullish();
const Ipv6Ranges = z.array(z.object({ cidrIpv6: z.string() }));

/** Converts a permission of an item to the API's form. Older items have `ipRanges` only. */
const itemPermission = (ipv6Ranges: z.ZodType<z.infer<typeof Ipv6Ranges> | undefined>) =>
  z
    .object({
      ipProtocol: z.string(),
      fromPort: Port,
      toPort: Port,
      ipv4Ranges: z.array(z.object({ cidrIp: z.string() })).optional(),
      ipRanges: z.array(z.string()).optional(),
      ipv6Ranges,
      prefixListIds: z.array(z.object({ prefixListId: z.string() })),
    })
    .refine(({ ipv4Ranges, ipRanges }) => ipv4Ranges ?? ipRanges, 'The permission has no IPv4 ranges.')
    .transform((permission) => ({
      IpProtocol: permission.ipProtocol,
      FromPort: permission.fromPort ?? undefined,
      ToPort: permission.toPort ?? undefined,
      IpRanges:
        permission.ipv4Ranges?.map(({ cidrIp }) => ({ CidrIp: cidrIp })) ??
        permission.ipRanges?.map((CidrIp) => ({ CidrIp })),
      Ipv6Ranges: permission.ipv6Ranges?.map(({ cidrIpv6 }) => ({ CidrIpv6: cidrIpv6 })),
      PrefixListIds: permission.prefixListIds.map(({ prefixListId }) => ({ PrefixListId: prefixListId })),
    }));

const itemConfiguration = (permission: ReturnType<typeof itemPermission>) =>
  z.object({ ownerId: z.string().max(12), ipPermissions: z.array(permission) });

/** An item without IPv6 ranges still decides about IPv4. */
const ItemConfiguration = {
  ipv4: itemConfiguration(itemPermission(Ipv6Ranges.optional())),
  ipv6: itemConfiguration(itemPermission(Ipv6Ranges)),
} as const;
