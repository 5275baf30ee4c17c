import { restrictIngress } from '@compliance/security-group-ingress';

export const rule = restrictIngress({
  command: 'EC2_RESTRICT_RDP_INGRESS',
  title: 'Security groups do not open RDP to the IPv4 internet',
  rationale:
    'Anyone who can reach RDP, over TCP or UDP, can guess passwords and try every known flaw of the server.',
  impact:
    'Administrators who connect by RDP over the internet lose that way in. Open connections may stay up.',
  ports: [3389],
  portsAre: 'ports of RDP',
  families: ['ipv4'],
  controls: {
    'cis-1.2': ['4.2'],
  },
  equivalents: {
    config: ['RESTRICTED_INCOMING_TRAFFIC'],
    securityHub: ['EC2.14'],
    prowler: ['ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389'],
    steampipe: ['vpc_security_group_restrict_ingress_rdp_all'],
  },
});
