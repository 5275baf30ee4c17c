import { restrictIngress } from '@compliance/security-group-ingress';

export const rule = restrictIngress({
  command: 'EC2_RESTRICT_ADMIN_PORTS_IPV4',
  title: 'Security groups do not open administration ports to the IPv4 internet',
  rationale: 'Anyone who can reach SSH or RDP can guess passwords and try every known flaw of the server.',
  impact: 'Administrators who connect over the internet lose that way in. Open connections may stay up.',
  ports: [22, 3389],
  portsAre: 'administration ports',
  families: ['ipv4'],
  controls: {
    'cis-1.3': ['5.2'],
    'cis-1.4': ['5.2'],
    'cis-1.5': ['5.2'],
    'cis-2.0': ['5.2'],
    'cis-3.0': ['5.2'],
    'cis-4.0': ['5.3'],
    'cis-4.0.1': ['5.3'],
    'cis-5.0': ['5.3'],
    'cis-6.0': ['6.3'],
    'cis-7.0': ['6.3'],
  },
  equivalents: {
    config: ['VPC_SG_PORT_RESTRICTION_CHECK'],
    securityHub: ['EC2.53'],
    prowler: [
      'ec2_securitygroup_allow_ingress_from_internet_to_all_ports',
      'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
      'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389',
    ],
    steampipe: ['vpc_security_group_remote_administration', 'vpc_security_group_remote_administration_ipv4'],
  },
});
