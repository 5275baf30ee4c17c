import { KEY, KEYS, keyShape, sharedKeys } from '@compliance/kms-keys';
import { restrictPublicPolicies } from '@compliance/public-policies';

import { FURTHER_KEYS, keyPolicy, policyInItem, readKeyPolicy } from './key-policy.ts';

export const rule = restrictPublicPolicies({
  command: 'KMS_RESTRICT_PUBLIC_POLICIES',
  noun: 'a key',
  resourceType: KEY,
  resource: keyShape,
  triggers: ['change', 'schedule'],
  equivalents: { securityHub: ['KMS.5'], prowler: ['kms_key_not_publicly_accessible'] },
  partly: 'Grants of keys.',
  permissions: {
    list: ['kms:ListKeys'],
    get: ['kms:DescribeKey', 'kms:GetKeyPolicy'],
    fix: [{ action: 'kms:PutKeyPolicy', resource: KEYS }],
    undo: [{ action: 'kms:PutKeyPolicy', resource: KEYS }],
  },

  furtherKeys: FURTHER_KEYS,
  document: keyPolicy,
  item: policyInItem,
  read: readKeyPolicy,
  gone: ['NotFoundException'],
  nameOf: (id) => id,
  list: async function* (session) {
    for (const { KeyId } of await sharedKeys(session)) if (KeyId !== undefined) yield KeyId;
  },

  inCode: {
    terraform: 'aws_kms_key_policy: policy whose statements name their principals',
    cloudFormation: 'AWS::KMS::Key: KeyPolicy whose statements name their principals',
  },
});
