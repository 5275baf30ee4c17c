import { restrictIngress } from '@compliance/security-group-ingress';

export const rule = restrictIngress({
  command: 'EC2_RESTRICT_CIFS_INGRESS',
  title: 'Security groups do not open CIFS (SMB) to the internet',
  rationale: 'Worms spread through open file shares, and the one that finds a share can read or encrypt it.',
  impact: 'Clients that use a file share over the internet lose it. Open connections may stay up.',
  ports: [445],
  portsAre: 'ports of CIFS',
  families: ['ipv4', 'ipv6'],
  controls: {
    'cis-4.0': ['5.1.2'],
    'cis-4.0.1': ['5.1.2'],
    'cis-5.0': ['5.1.2'],
    'cis-6.0': ['6.1.2'],
    'cis-7.0': ['6.1.2'],
  },
  equivalents: {
    config: ['RESTRICTED_INCOMING_TRAFFIC', 'VPC_SG_PORT_RESTRICTION_CHECK'],
    securityHub: ['EC2.19'],
    prowler: ['ec2_instance_port_cifs_exposed_to_internet'],
    steampipe: ['vpc_security_group_restrict_ingress_cifs_port_all'],
  },
});
