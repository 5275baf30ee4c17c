import type { IpPermission, SecurityGroupRule, Tag } from '@aws-sdk/client-ec2';
import { canonical } from '@compliance/core/rule';
import * as z from 'zod';

/** One source that a security group lets in. Other protocols have no ports, other sources are not the internet. */
export const Ingress = z.object({
  protocol: z.enum(['tcp', 'udp', 'all']),
  fromPort: z.int(),
  toPort: z.int(),
  /** An IPv4 CIDR, or the id of a prefix list. */
  source: z.string(),
});
export type Ingress = z.infer<typeof Ingress>;

export const isPrefixList = (source: string): boolean => source.startsWith('pl-');

/** The sources in the permissions that a security group is described with. */
export const ingressOfPermissions = (permissions: readonly IpPermission[]): Ingress[] =>
  inOrder(
    permissions.flatMap(({ IpRanges = [], PrefixListIds = [], ...permission }) =>
      [
        ...IpRanges.map(({ CidrIp }) => CidrIp),
        ...PrefixListIds.map(({ PrefixListId }) => PrefixListId),
      ].flatMap((source) => ingressFrom(source, permission)),
    ),
  );

/** What it takes to revoke a source and to bring it back as it was. */
export const IngressRule = Ingress.extend({
  ruleId: z.string(),
  description: z.string().exactOptional(),
  tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
});
export type IngressRule = z.infer<typeof IngressRule>;

/** The sources among the rules of a security group, each with the rule's id. */
export const ingressOfRules = (rules: readonly SecurityGroupRule[]): IngressRule[] =>
  inOrder(
    rules
      .filter(({ IsEgress }) => !IsEgress)
      .flatMap((rule) =>
        ingressFrom(rule.CidrIpv4 ?? rule.PrefixListId, rule).map((ingress) => ({
          ...ingress,
          ruleId: rule.SecurityGroupRuleId ?? '',
          ...(rule.Description !== undefined && { description: rule.Description }),
          tags: ownTags(rule.Tags ?? []),
        })),
      ),
  );

/** A rule without what only a fix needs. */
export const ingressOf = ({ protocol, fromPort, toPort, source }: Ingress): Ingress => ({
  protocol,
  fromPort,
  toPort,
  source,
});

/** The permission in the form that authorizes it. */
export const permissionOf = (ingress: Ingress & { readonly description?: string }): IpPermission => {
  const { protocol, fromPort, toPort, source, description } = ingress;
  const described = description === undefined ? {} : { Description: description };
  return {
    ...(protocol === 'all'
      ? { IpProtocol: '-1' }
      : { IpProtocol: protocol, FromPort: fromPort, ToPort: toPort }),
    ...(isPrefixList(source)
      ? { PrefixListIds: [{ PrefixListId: source, ...described }] }
      : { IpRanges: [{ CidrIp: source, ...described }] }),
  };
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
  // AWS describes the ports of all traffic as absent here and as -1 there.
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

/** Nobody but AWS may set a tag that begins with `aws:`. */
const ownTags = (tags: readonly Tag[]) =>
  tags
    .map(({ Key = '', Value = '' }) => ({ Key, Value }))
    .filter(({ Key }) => !Key.toLowerCase().startsWith('aws:'))
    .toSorted((a, b) => (a.Key < b.Key ? -1 : 1));

/** The same order whether seen in permissions or in rules, which carry ids and descriptions besides. */
const inOrder = <Source extends Ingress>(sources: readonly Source[]): Source[] =>
  sources
    .map((source) => ({ source, key: canonical(ingressOf(source)) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ source }) => source);
