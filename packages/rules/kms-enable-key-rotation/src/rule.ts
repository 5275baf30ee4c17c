import { DisableKeyRotationCommand, EnableKeyRotationCommand, KMSClient } from '@aws-sdk/client-kms';
import { compliant, defineRule, nonCompliant, notApplicable, operation } from '@compliance/core/rule';
import { KEY, KEYS, keyShape } from '@compliance/kms-keys';
import * as z from 'zod';

import { enableRotation } from './enable-rotation.ts';
import { Facts, whyNotRotating } from './facts.ts';
import { getKey, listKeys, parseItem } from './keys.ts';

const ENABLE = { action: 'kms:EnableKeyRotation', resource: KEYS };

export const rule = defineRule({
  command: 'KMS_ENABLE_KEY_ROTATION',
  title: 'Symmetric keys of customers rotate automatically',
  rationale:
    'The less data one key material encrypts, the less it exposes. Rotation changes nothing for those who use the key.',
  severity: 'medium',
  resourceType: KEY,
  resource: keyShape,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.2': ['2.8'],
    'cis-1.3': ['3.8'],
    'cis-1.4': ['3.8'],
    'cis-1.5': ['3.8'],
    'cis-2.0': ['3.8'],
    'cis-3.0': ['3.6'],
    'cis-4.0': ['3.6'],
    'cis-4.0.1': ['3.6'],
    'cis-5.0': ['3.6'],
    'cis-6.0': ['4.6'],
    'cis-7.0': ['4.6'],
    'aws-fsbp': ['KMS.4'],
  },
  equivalents: {
    config: ['CMK_BACKING_KEY_ROTATION_ENABLED'],
    securityHub: ['KMS.4'],
    prowler: ['kms_cmk_rotation_enabled'],
    steampipe: ['kms_cmk_rotation_enabled'],
    custodian: ['kms-key: key-rotation-status'],
  },
  parameters: z.object({
    maxRotationPeriodInDays: z
      .int()
      .min(90)
      .max(2560)
      .nullable()
      .default(null)
      .describe('The longest time between two rotations, in days; null: any.'),
  }),
  facts: Facts,
  permissions: {
    list: ['kms:ListKeys'],
    get: ['kms:DescribeKey', 'kms:GetKeyRotationStatus'],
    fix: [ENABLE],
    undo: [ENABLE, { action: 'kms:DisableKeyRotation', resource: KEYS }],
  },

  observe: { item: parseItem, get: getKey, list: listKeys },

  judge: (facts, { parameters: { maxRotationPeriodInDays: longest } }) => {
    const reason = whyNotRotating(facts);
    if (reason !== undefined) return notApplicable(reason);
    const { periodInDays } = facts;
    if (periodInDays === null) return nonCompliant('Automatic rotation is off.');
    return longest === null || periodInDays <= longest
      ? compliant()
      : nonCompliant(`The key rotates every ${periodInDays} days, not within ${longest}.`);
  },

  fix: (input) => enableRotation(input),

  undo: {
    operations: [
      operation(KMSClient, DisableKeyRotationCommand),
      operation(KMSClient, EnableKeyRotationCommand),
    ],
  },
});
