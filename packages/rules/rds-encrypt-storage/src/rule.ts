import { compliant, defineRule, nonCompliant, notApplicable } from '@compliance/core/rule';
import {
  DB_INSTANCE,
  DB_INSTANCE_SHAPE,
  INSTANCE_PERMISSIONS,
  observeInstances,
  whyNotRds,
} from '@compliance/rds';
import * as z from 'zod';

export const rule = defineRule({
  command: 'RDS_ENCRYPT_STORAGE',
  title: 'Database instances are encrypted at rest',
  rationale:
    'Storage, snapshots, replicas and backups are unreadable without the key, and encryption cannot be added later.',
  severity: 'medium',
  resourceType: DB_INSTANCE,
  resource: DB_INSTANCE_SHAPE,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.4': ['2.3.1'],
    'cis-1.5': ['2.3.1'],
    'cis-2.0': ['2.3.1'],
    'cis-3.0': ['2.3.1'],
    'cis-4.0': ['2.2.1'],
    'cis-4.0.1': ['2.2.1'],
    'cis-5.0': ['2.2.1'],
    'cis-6.0': ['3.2.1'],
    'cis-7.0': ['3.2.1'],
    'aws-fsbp': ['RDS.3'],
  },
  // Prowler's rds_instance_transport_encrypted, which it also maps to this control, is about connections.
  equivalents: {
    config: ['RDS_STORAGE_ENCRYPTED'],
    securityHub: ['RDS.3'],
    prowler: ['rds_instance_storage_encrypted'],
    steampipe: ['rds_db_instance_encryption_at_rest_enabled'],
    custodian: ['rds: StorageEncrypted false'],
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
  facts: z.object({ engine: z.string(), encrypted: z.boolean(), kmsKey: z.string().nullable() }),
  permissions: { ...INSTANCE_PERMISSIONS, fix: [], undo: [] },

  // A member of an Aurora cluster has the encryption of its cluster, and is reported itself: once, not twice.
  observe: observeInstances(({ engine, storageEncrypted, kmsKeyId }) => ({
    facts: { engine, encrypted: storageEncrypted, kmsKey: storageEncrypted ? kmsKeyId : null },
  })),

  judge: ({ engine, encrypted, kmsKey }, { parameters: { kmsKeyArn } }) => {
    const other = whyNotRds(engine);
    if (other !== undefined) return notApplicable(other);
    if (!encrypted) return nonCompliant('The storage is not encrypted.');
    if (kmsKeyArn === null || kmsKey === kmsKeyArn) return compliant();
    return nonCompliant(
      `The storage is encrypted with ${shortened(kmsKey)}, not with ${shortened(kmsKeyArn)}.`,
    );
  },

  guidance:
    'Encryption cannot be turned on in place. Plan a downtime: copy a snapshot of the instance, or of its Aurora cluster, with a KMS key, restore the copy, and switch the applications to its endpoint.',
});

/** The id of a key tells it from others; the rest of two ARNs would not fit. */
const shortened = (key: string | null): string =>
  (key ?? 'an unknown key').split(':').at(-1)?.slice(0, 80) ?? '';
