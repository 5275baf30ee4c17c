import type { FrameworkRow, RuleRow } from '@compliance/dashboard-data';

type Draft = readonly [
  command: string,
  title: string,
  severity: RuleRow['severity'],
  resourceType: string,
  fix: RuleRow['fix'],
  control: string,
];

const DRAFTS: readonly Draft[] = [
  ['IAM_ENABLE_ROOT_MFA', 'The root user has MFA', 'critical', 'AWS::::Account', 'person', '1.4'],
  [
    'IAM_REMOVE_ROOT_ACCESS_KEYS',
    'The root user has no access key',
    'critical',
    'AWS::::Account',
    'person',
    '1.3',
  ],
  ['IAM_ENABLE_USER_MFA', 'Users with a password have MFA', 'high', 'AWS::IAM::User', 'person', '1.9'],
  [
    'IAM_ROTATE_ACCESS_KEYS',
    'Access keys are younger than 90 days',
    'medium',
    'AWS::IAM::User',
    'impact',
    '1.13',
  ],
  [
    'IAM_DISABLE_UNUSED_CREDENTIALS',
    'Credentials unused for 45 days are inactive',
    'medium',
    'AWS::IAM::User',
    'impact',
    '1.11',
  ],
  [
    'IAM_REMOVE_FULL_ADMIN_POLICIES',
    'No policy in use allows everything',
    'high',
    'AWS::IAM::Policy',
    'person',
    '1.15',
  ],
  [
    'IAM_SET_PASSWORD_MIN_LENGTH',
    'Passwords have at least 14 characters',
    'medium',
    'AWS::::Account',
    'safe',
    '1.7',
  ],
  [
    'IAM_PREVENT_PASSWORD_REUSE',
    'The last 24 passwords cannot be used again',
    'low',
    'AWS::::Account',
    'safe',
    '1.8',
  ],
  [
    'S3_BLOCK_BUCKET_PUBLIC_ACCESS',
    'Buckets block public access',
    'high',
    'AWS::S3::Bucket',
    'impact',
    '2.1.4',
  ],
  [
    'S3_DENY_HTTP_REQUESTS',
    'Buckets deny requests without TLS',
    'medium',
    'AWS::S3::Bucket',
    'safe',
    '2.1.1',
  ],
  [
    'S3_ENABLE_VERSIONING',
    'Buckets keep former versions of their objects',
    'medium',
    'AWS::S3::Bucket',
    'safe',
    '2.1.2',
  ],
  [
    'RDS_ENCRYPT_STORAGE',
    'Storage of databases is encrypted',
    'high',
    'AWS::RDS::DBInstance',
    'person',
    '2.2.1',
  ],
  [
    'RDS_DISABLE_PUBLIC_ACCESS',
    'Databases have no public address',
    'critical',
    'AWS::RDS::DBInstance',
    'impact',
    '2.2.3',
  ],
  [
    'RDS_ENABLE_AUTO_MINOR_UPGRADE',
    'Databases take minor upgrades by themselves',
    'low',
    'AWS::RDS::DBInstance',
    'safe',
    '2.2.2',
  ],
  [
    'EFS_ENCRYPT_FILE_SYSTEMS',
    'File systems are encrypted',
    'medium',
    'AWS::EFS::FileSystem',
    'person',
    '2.3.1',
  ],
  [
    'CLOUDTRAIL_ENABLE_MULTI_REGION',
    'A trail records every Region',
    'critical',
    'AWS::::Account',
    'person',
    '3.1',
  ],
  [
    'CLOUDTRAIL_ENABLE_LOG_FILE_VALIDATION',
    'Trails sign their log files',
    'medium',
    'AWS::CloudTrail::Trail',
    'safe',
    '3.2',
  ],
  [
    'CLOUDTRAIL_ENCRYPT_LOGS',
    'Trails encrypt with a customer-managed key',
    'medium',
    'AWS::CloudTrail::Trail',
    'impact',
    '3.5',
  ],
  [
    'CONFIG_ENABLE_ALL_REGIONS',
    'AWS Config records in every Region',
    'medium',
    'AWS::::Account',
    'person',
    '3.3',
  ],
  [
    'KMS_ENABLE_KEY_ROTATION',
    'Customer-managed keys rotate every year',
    'medium',
    'AWS::KMS::Key',
    'safe',
    '3.6',
  ],
  ['VPC_ENABLE_FLOW_LOGS', 'VPCs log rejected traffic', 'medium', 'AWS::EC2::VPC', 'safe', '3.7'],
  [
    'CLOUDWATCH_ALARM_ROOT_USAGE',
    'Use of the root user raises an alarm',
    'medium',
    'AWS::::Account',
    'safe',
    '4.3',
  ],
  [
    'CLOUDWATCH_ALARM_IAM_POLICY_CHANGES',
    'Changes of IAM policies raise an alarm',
    'low',
    'AWS::::Account',
    'safe',
    '4.4',
  ],
  ['SECURITYHUB_ENABLE', 'AWS Security Hub is on', 'medium', 'AWS::::Account', 'safe', '4.16'],
  [
    'EC2_RESTRICT_SSH_INGRESS',
    'No security group opens SSH to the internet',
    'high',
    'AWS::EC2::SecurityGroup',
    'impact',
    '5.2',
  ],
  [
    'EC2_RESTRICT_RDP_INGRESS',
    'No security group opens RDP to the internet',
    'high',
    'AWS::EC2::SecurityGroup',
    'impact',
    '5.3',
  ],
  [
    'EC2_RESTRICT_DEFAULT_SECURITY_GROUP',
    'Default security groups allow nothing',
    'medium',
    'AWS::EC2::SecurityGroup',
    'impact',
    '5.4',
  ],
  [
    'EC2_REQUIRE_IMDSV2',
    'Instances answer metadata requests of version 2 alone',
    'high',
    'AWS::EC2::Instance',
    'impact',
    '5.6',
  ],
  [
    'EC2_ENABLE_EBS_DEFAULT_ENCRYPTION',
    'New volumes are encrypted',
    'medium',
    'AWS::::Account',
    'safe',
    '5.1.1',
  ],
  [
    'LAMBDA_RESTRICT_PUBLIC_POLICIES',
    'No function can be invoked by everybody',
    'high',
    'AWS::Lambda::Function',
    'safe',
    '6.1',
  ],
];

const SERVICE_OF_ACCOUNT: Readonly<Record<string, string>> = {
  CLOUDTRAIL: 'CloudTrail',
  CLOUDWATCH: 'CloudWatch',
  CONFIG: 'Config',
  EC2: 'EC2',
  IAM: 'IAM',
  SECURITYHUB: 'SecurityHub',
};

const serviceOf = (command: string, resourceType: string): string => {
  const [, service = ''] = resourceType.split('::');
  return service || (SERVICE_OF_ACCOUNT[command.split('_')[0] ?? ''] ?? 'Account');
};

export const rules: readonly RuleRow[] = DRAFTS.map(
  ([command, title, severity, resourceType, fix, control]) => ({
    command,
    title,
    severity,
    service: serviceOf(command, resourceType),
    resourceType,
    fix,
    rationale: 'Without it, one mistake exposes or loses data.',
    ...(fix === 'impact' && { impact: 'Clients that rely on the former state are refused.' }),
    ...(fix === 'person' && { guidance: 'Ask the owner to change it; a machine must not.' }),
    controls: { 'cis-7.0': [control], 'cis-6.0': [control] },
  }),
);

const SECTIONS: Readonly<Record<string, string>> = {
  1: 'Identity and access',
  2: 'Storage',
  3: 'Logging',
  4: 'Monitoring',
  5: 'Networking',
  6: 'Compute',
};

const framework = (version: string): FrameworkRow => ({
  id: `cis-${version}`,
  title: `CIS AWS Foundations Benchmark ${version}`,
  requirements: [
    ...rules.map(({ title, fix }, index) => {
      const id = DRAFTS[index]?.[5] ?? '';
      const isPartial = index % 7 === 3;
      return {
        id,
        title,
        section: SECTIONS[id.charAt(0)] ?? '',
        level: index % 5 === 0 ? 2 : 1,
        assessment: 'automated' as const,
        rules: [index],
        detection: isPartial ? ('partial' as const) : ('full' as const),
        fix: fix === 'person' ? ('none' as const) : ('all' as const),
        ...(isPartial && { human: 'Whether each exception is justified, a person decides.' }),
      };
    }),
    ...['1.1', '1.2', '1.17'].map((id) => ({
      id,
      title: `Contact details and support are kept (${id})`,
      section: 'Identity and access',
      level: 1,
      assessment: 'manual' as const,
      rules: [],
      detection: 'human' as const,
      fix: 'none' as const,
      human: 'Compare the contact details with who is on duty.',
    })),
  ].toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true })),
});

export const frameworks: readonly FrameworkRow[] = [framework('7.0'), framework('6.0')];
