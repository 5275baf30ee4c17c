import { EC2Client, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import {
  from,
  gone,
  group,
  groupWithPrefixList,
  item,
  staying,
  tcp,
  untouched,
} from '@compliance/security-group-ingress/testing';

import { rule } from '../src/rule.ts';

const ssh = tcp(22);
const rdp = tcp(3389);
const all = { IpProtocol: '-1' };
const everywhere = '0.0.0.0/0';

const open = {
  'SSH from everywhere in one permission with an office': group(
    from(ssh, everywhere),
    staying(ssh, '192.0.2.0/24'),
  ),
  'all ports over UDP from everywhere, beside HTTPS': group(
    from({ ...tcp(0, 65_535), IpProtocol: 'udp' }, everywhere),
    staying(tcp(80, 443), everywhere),
  ),
  'SSH from a prefix list of everything': groupWithPrefixList(
    ssh,
    ['0.0.0.0/1', '128.0.0.0/1'],
    staying(ssh, '10.0.0.0/8'),
  ),
};

/** Which of several rules is too wide is for a person to decide. */
const openTogether = {
  'SSH from a prefix list and a range that together are too wide': groupWithPrefixList(
    ssh,
    ['0.0.0.0/2', '128.0.0.0/3'],
    from(ssh, '160.0.0.0/3'),
    from(all, '64.0.0.0/3'),
  ),
};

/** A fix revokes the rule that alone is too wide; a person narrows the others. */
const openAloneAndTogether = {
  'SSH from everywhere beside ranges that together are too wide': {
    seed: group(from(ssh, everywhere, '0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2')),
    settle: ({ resourceId: GroupId }: Resource, admin: Session) =>
      admin.client(EC2Client).send(
        new RevokeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: [{ ...ssh, IpRanges: [{ CidrIp: '64.0.0.0/2' }, { CidrIp: '128.0.0.0/2' }] }],
        }),
      ),
  },
};

const closed = {
  'HTTPS from everywhere, ICMP, and SSH from everywhere over IPv6': group(
    from(tcp(443), everywhere),
    from({ IpProtocol: 'icmp', FromPort: 8, ToPort: 22 }, everywhere),
    { ...ssh, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  ),
  'SSH from a prefix list of offices': groupWithPrefixList(ssh, ['192.0.2.0/24', '198.51.100.0/24']),
};

describeRuleContract(rule, {
  compliant: closed,
  nonCompliant: open,
  manual: openTogether,
  settling: openAloneAndTogether,
  item,
  untouched,
  gone,
  unproven: {
    'ec2:AuthorizeSecurityGroupIngress':
      'A fix uses it only with replacementCidrs: the contract below proves it.',
    'ec2:RevokeSecurityGroupIngress':
      'An undo uses it only with replacementCidrs: the contract below proves it.',
  },
});

describeRuleContract(rule, {
  parameters: { ports: [22], replacementCidrs: ['198.51.100.0/24', '203.0.113.7/32'] },
  compliant: {
    'RDP from everywhere and SSH from a prefix list of offices': groupWithPrefixList(
      ssh,
      ['192.0.2.0/24'],
      from(rdp, everywhere),
    ),
  },
  nonCompliant: {
    'SSH from everywhere and already from a replacement': group(
      from(ssh, everywhere),
      staying(ssh, '198.51.100.0/24'),
    ),
    'all traffic and SSH from everywhere': group(from(all, everywhere), from(ssh, everywhere)),
  },
  item,
  untouched,
});
