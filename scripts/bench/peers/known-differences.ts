import type { Disagreement } from './verdicts.ts';

interface KnownDifference extends Pick<Disagreement, 'command' | 'ours'> {
  /** What the other program asks instead. */
  readonly why: string;
  /** Who defines the answer that we give. */
  readonly source: string;
}

type Peer = 'Prowler' | 'Cloud Custodian';

/** Where another program judges otherwise for a reason. Every other disagreement fails the measurement. */
const DIFFERENCES: Readonly<Record<Peer, readonly KnownDifference[]>> = {
  'Cloud Custodian': [
    {
      command: 'EC2_ENABLE_EBS_DEFAULT_ENCRYPTION',
      ours: 'fails',
      why: 'runs a policy of the account in one Region, not in each',
      source: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-7',
    },
  ],
  Prowler: [
    {
      command: 'EC2_RESTRICT_ADMIN_PORTS_IPV4',
      ours: 'passes',
      why: 'asks for 0.0.0.0/0 and ::/0 at once, so that the requirement for IPv4 fails by a rule for IPv6',
      source: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-53',
    },
    {
      command: 'EC2_RESTRICT_ADMIN_PORTS_IPV6',
      ours: 'passes',
      why: 'asks for 0.0.0.0/0 and ::/0 at once, so that the requirement for IPv6 fails by a rule for IPv4',
      source: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-54',
    },
    {
      command: 'RDS_DISABLE_PUBLIC_ACCESS',
      ours: 'fails',
      why: 'passes a publicly accessible database while its security groups or subnets keep the internet out',
      source: 'https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-2',
    },
    {
      command: 'S3_BLOCK_BUCKET_PUBLIC_ACCESS',
      ours: 'fails',
      why: 'looks at two of the four settings of Block Public Access',
      source: 'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8',
    },
    {
      command: 'S3_RESTRICT_PUBLIC_POLICIES',
      ours: 'fails',
      why: 'asks whether everybody may write, not whether everybody may read',
      source: 'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-2',
    },
  ],
};

export const knownDifference = (peer: Peer, { command, ours }: Disagreement): KnownDifference | undefined =>
  DIFFERENCES[peer].find((known) => known.command === command && known.ours === ours);
