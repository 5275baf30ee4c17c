interface CustodianPolicy {
  readonly resource: string;
  readonly conditions?: readonly object[];
  readonly query?: readonly object[];
  readonly filters: readonly (string | object)[];
}

/** A policy of buckets would judge those of all Regions in each. */
const ONCE = [{ region: 'eu-west-1' }];

/**
 * Cloud Custodian's policies for what its filters can decide of CIS 7.0, by our rule that asks the same.
 *
 * @see https://cloudcustodian.io/docs/aws/resources/index.html
 */
export const CUSTODIAN_POLICIES: Readonly<Record<string, CustodianPolicy>> = {
  IAM_SET_PASSWORD_MIN_LENGTH: {
    resource: 'aws.account',
    filters: [{ type: 'password-policy', key: 'MinimumPasswordLength', op: 'lt', value: 14 }],
  },
  IAM_PREVENT_PASSWORD_REUSE: {
    resource: 'aws.account',
    filters: [{ type: 'password-policy', key: 'PasswordReusePrevention', op: 'lt', value: 24 }],
  },
  IAM_ENABLE_USER_MFA: {
    resource: 'aws.iam-user',
    filters: [
      { type: 'credential', key: 'password_enabled', value: true },
      { type: 'credential', key: 'mfa_active', value: false },
    ],
  },
  IAM_ROTATE_ACCESS_KEYS: {
    resource: 'aws.iam-user',
    filters: [
      { type: 'credential', key: 'access_keys.active', value: true },
      {
        type: 'credential',
        key: 'access_keys.last_rotated',
        value_type: 'age',
        op: 'greater-than',
        value: 90,
      },
    ],
  },
  IAM_REMOVE_USER_POLICIES: {
    resource: 'aws.iam-user',
    filters: [{ or: ['has-inline-policy', { type: 'policy', key: 'Arn', value: 'present' }] }],
  },
  IAM_REMOVE_FULL_ADMIN_POLICIES: { resource: 'aws.iam-policy', filters: ['used', 'has-allow-all'] },
  EC2_ATTACH_INSTANCE_PROFILE: { resource: 'aws.ec2', filters: [{ IamInstanceProfile: 'absent' }] },
  EC2_REQUIRE_IMDSV2: { resource: 'aws.ec2', filters: [{ 'MetadataOptions.HttpTokens': 'optional' }] },
  S3_DENY_HTTP_REQUESTS: {
    resource: 'aws.s3',
    conditions: ONCE,
    query: [{ 'augment-keys': ['Policy'] }],
    filters: [
      {
        not: [
          {
            type: 'has-statement',
            statements: [
              {
                Effect: 'Deny',
                Action: 's3:*',
                Principal: '*',
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              },
            ],
          },
        ],
      },
    ],
  },
  S3_BLOCK_BUCKET_PUBLIC_ACCESS: {
    resource: 'aws.s3',
    conditions: ONCE,
    query: [{ 'augment-keys': 'detect' }],
    filters: [{ type: 'check-public-block' }],
  },
  RDS_ENCRYPT_STORAGE: { resource: 'aws.rds', filters: [{ StorageEncrypted: false }] },
  RDS_ENABLE_AUTO_MINOR_UPGRADE: { resource: 'aws.rds', filters: [{ AutoMinorVersionUpgrade: false }] },
  RDS_DISABLE_PUBLIC_ACCESS: { resource: 'aws.rds', filters: [{ PubliclyAccessible: true }] },
  RDS_ENABLE_MULTI_AZ: { resource: 'aws.rds', filters: [{ MultiAZ: false }] },
  EFS_ENCRYPT_FILE_SYSTEMS: { resource: 'aws.efs', filters: [{ Encrypted: false }] },
  CLOUDTRAIL_ENABLE_LOG_FILE_VALIDATION: {
    resource: 'aws.cloudtrail',
    filters: [{ LogFileValidationEnabled: false }],
  },
  CLOUDTRAIL_ENCRYPT_LOGS: { resource: 'aws.cloudtrail', filters: [{ KmsKeyId: 'absent' }] },
  KMS_ENABLE_KEY_ROTATION: {
    resource: 'aws.kms-key',
    filters: [
      { KeyManager: 'CUSTOMER' },
      { type: 'key-rotation-status', key: 'KeyRotationEnabled', value: false },
    ],
  },
  VPC_ENABLE_FLOW_LOGS: { resource: 'aws.vpc', filters: [{ type: 'flow-logs', enabled: false }] },
  EC2_ENABLE_EBS_DEFAULT_ENCRYPTION: {
    resource: 'aws.account',
    filters: [{ type: 'default-ebs-encryption', state: false }],
  },
  EC2_RESTRICT_ADMIN_PORTS_IPV4: {
    resource: 'aws.security-group',
    filters: [{ type: 'ingress', Ports: [22, 3389], Cidr: { value: '0.0.0.0/0' } }],
  },
  EC2_RESTRICT_ADMIN_PORTS_IPV6: {
    resource: 'aws.security-group',
    filters: [{ type: 'ingress', Ports: [22, 3389], CidrV6: { value: '::/0' } }],
  },
};

/** The member of a resource that is its id, or its ARN. */
export const CUSTODIAN_IDS: Readonly<Record<string, string>> = {
  'aws.account': 'account_id',
  'aws.iam-user': 'UserName',
  'aws.iam-policy': 'Arn',
  'aws.ec2': 'InstanceId',
  'aws.s3': 'Name',
  'aws.rds': 'DBInstanceIdentifier',
  'aws.efs': 'FileSystemId',
  'aws.cloudtrail': 'Name',
  'aws.kms-key': 'KeyId',
  'aws.vpc': 'VpcId',
  'aws.security-group': 'GroupId',
};
