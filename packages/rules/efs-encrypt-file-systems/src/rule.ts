import { compliant, defineRule, nonCompliant } from '@compliance/core/rule';
import * as z from 'zod';

import { Facts, FILE_SYSTEM, getFileSystem, listFileSystems, parseItem } from './file-systems.ts';

export const rule = defineRule({
  command: 'EFS_ENCRYPT_FILE_SYSTEMS',
  title: 'EFS file systems are encrypted at rest',
  rationale: 'Data and backups are unreadable without the key, and encryption cannot be added later.',
  severity: 'medium',
  resourceType: FILE_SYSTEM,
  resource: {
    tagFilter: 'elasticfilesystem:file-system',
    arn: (id, { partition, region, accountId }) =>
      `arn:${partition}:elasticfilesystem:${region}:${accountId}:file-system/${id}`,
  },
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.5': ['2.4.1'],
    'cis-2.0': ['2.4.1'],
    'cis-3.0': ['2.4.1'],
    'cis-4.0': ['2.3.1'],
    'cis-4.0.1': ['2.3.1'],
    'cis-5.0': ['2.3.1'],
    'cis-6.0': ['3.3.1'],
    'cis-7.0': ['3.3.1'],
    'aws-fsbp': ['EFS.1'],
  },
  equivalents: {
    config: ['EFS_ENCRYPTED_CHECK', 'EFS_FILESYSTEM_CT_ENCRYPTED'],
    // The same check twice: EFS.8 is triggered by changes, and knows no key.
    securityHub: ['EFS.1', 'EFS.8'],
    prowler: ['efs_encryption_at_rest_enabled'],
    steampipe: ['efs_file_system_encrypt_data_at_rest'],
    custodian: ['efs: Encrypted false'],
  },
  parameters: z.object({
    kmsKeyArn: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'The ARN of the KMS key that must encrypt, such as arn:{partition}:kms:{region}:{accountId}:key/…; null: any, also the one that AWS manages.',
      ),
  }),
  facts: Facts,
  permissions: {
    list: ['elasticfilesystem:DescribeFileSystems'],
    get: ['elasticfilesystem:DescribeFileSystems'],
    fix: [],
    undo: [],
  },

  observe: { item: parseItem, get: getFileSystem, list: listFileSystems },

  judge: ({ encrypted, kmsKeyId }, { parameters: { kmsKeyArn } }) => {
    if (!encrypted) return nonCompliant('The file system is not encrypted.');
    const required = kmsKeyArn?.split('/').at(-1);
    if (required === undefined || kmsKeyId === required) return compliant();
    return nonCompliant(
      `The file system is encrypted with key ${kmsKeyId?.slice(0, 60) ?? 'unknown'}, not with ${required.slice(0, 60)}.`,
    );
  },

  guidance:
    'Encryption cannot be turned on in place. Create an encrypted file system, copy the data with AWS DataSync or AWS Backup, and mount the new one. A service control policy on elasticfilesystem:Encrypted prevents the next one.',
});
