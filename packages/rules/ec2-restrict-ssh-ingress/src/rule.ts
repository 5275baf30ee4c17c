import { restrictIngress } from '@compliance/security-group-ingress';

export const rule = restrictIngress({
  command: 'EC2_RESTRICT_SSH_INGRESS',
  title: 'Security groups do not open SSH to the IPv4 internet',
  rationale: 'Anyone who can reach SSH can guess keys and passwords and try every known flaw of the server.',
  impact:
    'Administrators who connect by SSH over the internet lose that way in. Open connections may stay up.',
  ports: [22],
  portsAre: 'ports of SSH',
  families: ['ipv4'],
  controls: {
    'cis-1.2': ['4.1'],
  },
  equivalents: {
    config: ['INCOMING_SSH_DISABLED'],
    securityHub: ['EC2.13'],
    prowler: ['ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22'],
    steampipe: ['vpc_security_group_restrict_ingress_ssh_all'],
  },
});
