import {
  DisableEbsEncryptionByDefaultCommand,
  EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsEncryptionByDefaultCommand,
} from '@aws-sdk/client-ec2';
import {
  ACCOUNT_TYPE,
  call,
  change,
  compliant,
  defineRule,
  nonCompliant,
  observeAccount,
  operation,
  undoCall,
} from '@compliance/core/rule';
import * as z from 'zod';

export const rule = defineRule({
  command: 'EC2_ENABLE_EBS_DEFAULT_ENCRYPTION',
  title: 'New EBS volumes and snapshots are encrypted by default in every Region',
  rationale: 'Nobody who creates a volume has to think of its encryption, or can forget it.',
  severity: 'medium',
  resourceType: ACCOUNT_TYPE,
  deploy: 'every-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.3': ['2.2.1'],
    'cis-1.4': ['2.2.1'],
    'cis-1.5': ['2.2.1'],
    'cis-2.0': ['2.2.1'],
    'cis-3.0': ['2.2.1'],
    'cis-4.0': ['5.1.1'],
    'cis-4.0.1': ['5.1.1'],
    'cis-5.0': ['5.1.1'],
    'cis-6.0': ['6.1.1'],
    'cis-7.0': ['6.1.1'],
    'aws-fsbp': ['EC2.7'],
  },
  // The checks on single volumes, such as EC2.3, are others: an account without volumes passes them.
  equivalents: {
    config: ['EC2_EBS_ENCRYPTION_BY_DEFAULT'],
    securityHub: ['EC2.7'],
    prowler: ['ec2_ebs_default_encryption'],
    steampipe: ['ebs_encryption_by_default_enabled'],
    custodian: ['account: default-ebs-encryption'],
  },
  parameters: z.object({}),
  facts: z.object({ encryptedByDefault: z.boolean() }),
  permissions: {
    list: ['ec2:GetEbsEncryptionByDefault'],
    get: ['ec2:GetEbsEncryptionByDefault'],
    fix: ['ec2:EnableEbsEncryptionByDefault'],
    undo: ['ec2:DisableEbsEncryptionByDefault'],
  },

  observe: observeAccount(async (session) => {
    const { EbsEncryptionByDefault } = await session
      .client(EC2Client)
      .send(new GetEbsEncryptionByDefaultCommand({}));
    return { facts: { encryptedByDefault: EbsEncryptionByDefault === true } };
  }),

  judge: ({ encryptedByDefault }, { region }) =>
    encryptedByDefault ? compliant() : nonCompliant(`EBS encryption by default is off in ${region}.`),

  // The key stays the one that the Region has as its default: AWS's own, unless somebody chose another.
  fix: ({ region }) =>
    change({
      description: `Encrypt new EBS volumes by default in ${region}; those that exist stay as they are`,
      risk: 'safe',
      inCode: { terraform: 'aws_ebs_encryption_by_default: enabled = true' },
      steps: [
        call(
          EC2Client,
          EnableEbsEncryptionByDefaultCommand,
          {},
          { undo: undoCall(EC2Client, DisableEbsEncryptionByDefaultCommand, {}) },
        ),
      ],
    }),

  undo: { operations: [operation(EC2Client, DisableEbsEncryptionByDefaultCommand)] },
});
