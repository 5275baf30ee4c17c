import { restrictIngress } from '@compliance/security-group-ingress';

export const rule = restrictIngress({
  command: 'EC2_RESTRICT_ADMIN_PORTS_IPV6',
  title: 'Security groups do not open administration ports to the IPv6 internet',
  rationale:
    'Rules for IPv4 do not concern IPv6: a server behind a closed IPv4 port may be open to everyone over IPv6.',
  impact: 'Administrators who connect over the internet lose that way in. Open connections may stay up.',
  ports: [22, 3389],
  portsAre: 'administration ports',
  families: ['ipv6'],
  controls: {
    'cis-1.5': ['5.3'],
    'cis-2.0': ['5.3'],
    'cis-3.0': ['5.3'],
    'cis-4.0': ['5.4'],
    'cis-4.0.1': ['5.4'],
    'cis-5.0': ['5.4'],
    'cis-6.0': ['6.4'],
    'cis-7.0': ['6.4'],
  },
  equivalents: {
    config: ['VPC_SG_PORT_RESTRICTION_CHECK'],
    securityHub: ['EC2.54'],
    prowler: [
      'ec2_securitygroup_allow_ingress_from_internet_to_all_ports',
      'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
      'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389',
    ],
    steampipe: ['vpc_security_group_remote_administration_ipv6'],
  },
});
