import type { IpPermission, SecurityGroupRule } from '@aws-sdk/client-ec2';
import { canonical, defined } from '@compliance/core/rule';
import { familyOf, ownTags } from '@compliance/security-group-ingress';
import * as z from 'zod';

/** One rule of a group: a protocol, its ports (or ICMP type and code), and one source or destination. */
export const GroupRule = z.object({
  direction: z.enum(['ingress', 'egress']),
  /** `-1`: all traffic. */
  protocol: z.string(),
  /** Absent for all traffic. */
  fromPort: z.int().exactOptional(),
  toPort: z.int().exactOptional(),
  /** A CIDR, or the id of a prefix list or of a group. */
  peer: z.string(),
});
export type GroupRule = z.infer<typeof GroupRule>;

/** A rule with what is needed to revoke and to restore it. */
export const RevocableRule = GroupRule.extend({
  ruleId: z.string(),
  /** The account of a peer that is a group. */
  peerAccount: z.string().exactOptional(),
  description: z.string().exactOptional(),
  tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
});
export type RevocableRule = z.infer<typeof RevocableRule>;

type Direction = GroupRule['direction'];

/** Reads the rules from the permissions of a described group. */
export const rulesOfPermissions = (permissions: readonly IpPermission[], direction: Direction): GroupRule[] =>
  permissions.flatMap((permission) => {
    const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } = permission;
    return [
      ...IpRanges.map(({ CidrIp }) => CidrIp),
      ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
      ...PrefixListIds.map(({ PrefixListId }) => PrefixListId),
      ...UserIdGroupPairs.map(({ GroupId }) => GroupId),
    ].map((peer = '') => ({ direction, ...portsOf(permission), peer }));
  });

/** Reads the rules of a group, with their ids. */
export const revocableRules = (rules: readonly SecurityGroupRule[]): RevocableRule[] =>
  inOrder(
    rules.map((rule) => ({
      direction: rule.IsEgress === true ? ('egress' as const) : ('ingress' as const),
      ...portsOf(rule),
      peer: rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId ?? '',
      ruleId: rule.SecurityGroupRuleId ?? '',
      ...defined({ peerAccount: rule.ReferencedGroupInfo?.UserId, description: rule.Description }),
      tags: ownTags(rule.Tags ?? []),
    })),
  );

/** The rule without what only a fix needs. */
export const groupRuleOf = ({ direction, protocol, fromPort, toPort, peer }: GroupRule): GroupRule => ({
  direction,
  protocol,
  ...defined({ fromPort, toPort }),
  peer,
});

/** Sorts ingress first, without rule ids and descriptions, so that permissions and rules have the same order. */
export const inOrder = <Rule extends GroupRule>(rules: readonly Rule[]): Rule[] =>
  rules
    .map((rule) => ({
      rule,
      key: `${rule.direction === 'ingress' ? 0 : 1}${canonical(groupRuleOf(rule))}`,
    }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ rule }) => rule);

/** The permission that authorizes a rule. */
export const permissionOf = (rule: RevocableRule): IpPermission => {
  const { protocol, fromPort, toPort, peer, peerAccount, description } = rule;
  const described = defined({ Description: description });
  return {
    IpProtocol: protocol,
    ...defined({ FromPort: fromPort, ToPort: toPort }),
    ...(peer.startsWith('pl-')
      ? { PrefixListIds: [{ PrefixListId: peer, ...described }] }
      : peer.startsWith('sg-')
        ? { UserIdGroupPairs: [{ GroupId: peer, ...defined({ UserId: peerAccount }), ...described }] }
        : familyOf(peer) === 'ipv6'
          ? { Ipv6Ranges: [{ CidrIpv6: peer, ...described }] }
          : { IpRanges: [{ CidrIp: peer, ...described }] }),
  };
};

/** `tcp 22 from 10.0.0.0/8`, `all traffic to ::/0` */
export const describeRule = ({ direction, protocol, fromPort, toPort, peer }: GroupRule): string => {
  const ports = fromPort === undefined ? '' : ` ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
  const traffic = protocol === '-1' ? 'all traffic' : `${protocol}${ports}`;
  return `${traffic} ${direction === 'ingress' ? 'from' : 'to'} ${peer}`;
};

// The ports of all traffic are absent in a permission and -1 in a rule.
const portsOf = ({
  IpProtocol = '-1',
  FromPort,
  ToPort,
}: Pick<IpPermission, 'IpProtocol' | 'FromPort' | 'ToPort'>) => ({
  protocol: IpProtocol,
  ...(IpProtocol !== '-1' && defined({ fromPort: FromPort, toPort: ToPort })),
});
