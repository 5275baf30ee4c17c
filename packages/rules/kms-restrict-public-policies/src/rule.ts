import { KMSClient, paginateListKeys } from '@aws-sdk/client-kms';
import { restrictPublicPolicies } from '@compliance/public-policies';

import { FURTHER_KEYS, keyPolicy, policyInItem, readKeyPolicy } from './key-policy.ts';

const KEYS = 'arn:*:kms:*:*:key/*';

export const rule = restrictPublicPolicies({
  command: 'KMS_RESTRICT_PUBLIC_POLICIES',
  noun: 'a key',
  resourceType: 'AWS::KMS::Key',
  resource: {
    tagFilter: 'kms:key',
    arn: (id, { partition, region, accountId }) => `arn:${partition}:kms:${region}:${accountId}:key/${id}`,
  },
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
    for await (const { Keys = [] } of paginateListKeys({ client: session.client(KMSClient) }, {}))
      for (const { KeyId } of Keys) if (KeyId !== undefined) yield KeyId;
  },

  inCode: {
    terraform: 'aws_kms_key_policy: policy whose statements name their principals',
    cloudFormation: 'AWS::KMS::Key: KeyPolicy whose statements name their principals',
  },
});
