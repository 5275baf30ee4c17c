import type { IpPermission, SecurityGroupRule, Tag } from '@aws-sdk/client-ec2';
import { canonical, defined } from '@compliance/core/rule';
import * as z from 'zod';

import { familyOf, type Family } from './cidr.ts';

/**
 * A source that a security group admits on a range of ports.
 * Protocols without ports are left out, and so are other groups.
 */
export const Ingress = z.object({
  protocol: z.enum(['tcp', 'udp', 'all']),
  fromPort: z.int(),
  toPort: z.int(),
  /** A CIDR, or the id of a prefix list. */
  source: z.string(),
});
export type Ingress = z.infer<typeof Ingress>;

export const isPrefixList = (source: string): boolean => source.startsWith('pl-');

/** Whether a source may admit addresses of these families. The entries of a prefix list show it. */
export const concerns =
  (families: readonly Family[]) =>
  ({ source }: Pick<Ingress, 'source'>): boolean =>
    isPrefixList(source) || families.includes(familyOf(source));

/** Reads the sources from the permissions of a described security group. */
export const ingressOfPermissions = (permissions: readonly IpPermission[]): Ingress[] =>
  inOrder(
    permissions.flatMap(({ IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], ...permission }) =>
      [
        ...IpRanges.map(({ CidrIp }) => CidrIp),
        ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
        ...PrefixListIds.map(({ PrefixListId }) => PrefixListId),
      ].flatMap((source) => ingressFrom(source, permission)),
    ),
  );

/** A source with what is needed to revoke and to restore it. */
export const IngressRule = Ingress.extend({
  ruleId: z.string(),
  description: z.string().exactOptional(),
  tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
});
export type IngressRule = z.infer<typeof IngressRule>;

/** Reads the sources from the rules of a security group, with their rule ids. */
export const ingressOfRules = (rules: readonly SecurityGroupRule[]): IngressRule[] =>
  inOrder(
    rules
      .filter(({ IsEgress }) => !IsEgress)
      .flatMap((rule) =>
        ingressFrom(rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId, rule).map((ingress) => ({
          ...ingress,
          ruleId: rule.SecurityGroupRuleId ?? '',
          ...defined({ description: rule.Description }),
          tags: ownTags(rule.Tags ?? []),
        })),
      ),
  );

/** The source without what only a fix needs. */
export const ingressOf = ({ protocol, fromPort, toPort, source }: Ingress): Ingress => ({
  protocol,
  fromPort,
  toPort,
  source,
});

/** The permission that authorizes a source. */
export const permissionOf = (ingress: Ingress & { readonly description?: string }): IpPermission => {
  const { protocol, fromPort, toPort, source, description } = ingress;
  return {
    ...(protocol === 'all'
      ? { IpProtocol: '-1' }
      : { IpProtocol: protocol, FromPort: fromPort, ToPort: toPort }),
    ...sourceOf(source, defined({ Description: description })),
  };
};

const sourceOf = (source: string, described: { readonly Description?: string }): IpPermission => {
  if (isPrefixList(source)) return { PrefixListIds: [{ PrefixListId: source, ...described }] };
  return familyOf(source) === 'ipv6'
    ? { Ipv6Ranges: [{ CidrIpv6: source, ...described }] }
    : { IpRanges: [{ CidrIp: source, ...described }] };
};

/** `tcp 22`, `udp 0-1023`, `all traffic` */
export const describePorts = ({ protocol, fromPort, toPort }: Omit<Ingress, 'source'>): string => {
  if (protocol === 'all') return 'all traffic';
  return `${protocol} ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
};

const ALL_PORTS = { fromPort: 0, toPort: 65_535 };

const ingressFrom = (
  source: string | undefined,
  { IpProtocol, FromPort, ToPort }: Pick<IpPermission, 'IpProtocol' | 'FromPort' | 'ToPort'>,
): Ingress[] => {
  if (source === undefined) return [];
  // The ports of all traffic are absent in a permission and -1 in a rule.
  if (IpProtocol === '-1') return [{ protocol: 'all', ...ALL_PORTS, source }];
  const protocol = PROTOCOLS[IpProtocol ?? ''];
  if (!protocol) return [];
  const { fromPort, toPort } = ALL_PORTS;
  return [{ protocol, fromPort: FromPort ?? fromPort, toPort: ToPort ?? toPort, source }];
};

const PROTOCOLS: Readonly<Record<string, 'tcp' | 'udp'>> = {
  tcp: 'tcp',
  '6': 'tcp',
  udp: 'udp',
  '17': 'udp',
};

/** Drops tags that begin with `aws:`, which only AWS may set. */
export const ownTags = (tags: readonly Tag[]) =>
  tags
    .map(({ Key = '', Value = '' }) => ({ Key, Value }))
    .filter(({ Key }) => !Key.toLowerCase().startsWith('aws:'))
    .toSorted((a, b) => (a.Key < b.Key ? -1 : 1));

/** Sorts without rule ids and descriptions, so that permissions and rules have the same order. */
const inOrder = <Source extends Ingress>(sources: readonly Source[]): Source[] =>
  sources
    .map((source) => ({ source, key: canonical(ingressOf(source)) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ source }) => source);
