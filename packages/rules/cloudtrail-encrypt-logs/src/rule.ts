import { change, compliant, defineRule, nonCompliant, shortened } from '@compliance/core/rule';
import {
  leaveOrganizationTrail,
  observeTrailResources,
  TRAIL_SHAPE,
  UPDATE_TRAIL,
  UPDATE_TRAIL_UNDO,
  updateTrail,
} from '@compliance/trails';
import * as z from 'zod';

import { readTrailKey, TrailKey, UNUSABLE } from './trail-key.ts';

const READS = ['cloudtrail:DescribeTrails', { action: 'kms:DescribeKey', resource: 'arn:*:kms:*:*:key/*' }];

export const rule = defineRule({
  command: 'CLOUDTRAIL_ENCRYPT_LOGS',
  title: 'Trails encrypt their log files with a KMS key',
  rationale:
    'Everyone who may read the log bucket reads the records of the account, unless a key protects them as well.',
  severity: 'medium',
  resourceType: 'AWS::CloudTrail::Trail',
  resource: TRAIL_SHAPE,
  impact: 'Readers of the log files of the trail also need kms:Decrypt on the key.',
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.2': ['2.7'],
    'cis-1.3': ['3.7'],
    'cis-1.4': ['3.7'],
    'cis-1.5': ['3.7'],
    'cis-2.0': ['3.7'],
    'cis-3.0': ['3.5'],
    'cis-4.0': ['3.5'],
    'cis-4.0.1': ['3.5'],
    'cis-5.0': ['3.5'],
    'cis-6.0': ['4.5'],
    'cis-7.0': ['4.5'],
    'aws-fsbp': ['CloudTrail.2'],
  },
  partly:
    'The state of a key of another account, which this account may not describe, and who may use a key.',
  equivalents: {
    config: ['CLOUD_TRAIL_ENCRYPTION_ENABLED'],
    securityHub: ['CloudTrail.2'],
    prowler: ['cloudtrail_kms_encryption_enabled'],
    steampipe: ['cloudtrail_trail_logs_encrypted_with_kms_cmk'],
    custodian: ['cloudtrail: KmsKeyId'],
  },
  parameters: z.object({
    kmsKeyArn: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        "The key that a fix sets, in the log bucket's Region. Its policy must admit CloudTrail, and let those decrypt who read the log files.",
      ),
  }),
  needs: ['kmsKeyArn'],
  facts: TrailKey,
  permissions: { list: READS, get: READS, fix: [UPDATE_TRAIL], undo: [UPDATE_TRAIL] },

  observe: observeTrailResources({
    read: (trail, session) => readTrailKey(trail, session),
    // An item does not hold the state of the key.
    item: ({ kmsKeyId, isOrganizationTrail }) =>
      kmsKeyId === null ? { key: null, state: null, organization: isOrganizationTrail } : undefined,
  }),

  judge: ({ key, state }) => {
    if (key === null) return nonCompliant('No KMS key encrypts the log files.');
    return state !== null && UNUSABLE.includes(state)
      ? nonCompliant(`The key of the log files is ${state}: ${shortened(key, 120)}.`)
      : compliant();
  },

  fix: ({ resource: { resourceId: name }, facts, parameters: { kmsKeyArn } }) => {
    if (facts.organization) return leaveOrganizationTrail(name, 'Set a working KMS key');
    if (facts.key !== null)
      return { manual: `Make key ${facts.key} usable again, or give trail ${name} another one.` };
    if (kmsKeyArn === null)
      return { manual: 'Set the parameter kmsKeyArn to the key that trails encrypt their log files with.' };
    return change({
      description: `Encrypt new log files of trail ${shortened(name)} with ${shortened(kmsKeyArn, 100)}; who reads them needs kms:Decrypt`,
      risk: 'disruptive',
      // An empty text removes the key.
      steps: [updateTrail(name, { KmsKeyId: kmsKeyArn }, { KmsKeyId: '' })],
      inCode: {
        terraform: `aws_cloudtrail: kms_key_id = "${kmsKeyArn}"`,
        cloudFormation: `AWS::CloudTrail::Trail: KMSKeyId: ${kmsKeyArn}`,
      },
    });
  },

  undo: UPDATE_TRAIL_UNDO,
});
