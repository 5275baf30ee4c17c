import { CreateKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import type { Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { policyFixtures } from '@compliance/public-policies/testing';

import { rule } from '../src/rule.ts';

const seed = async (policyOf: ((arn: string) => string) | undefined, admin: Session) => {
  const command = new CreateKeyCommand(policyOf ? { Policy: policyOf('*') } : {});
  const { KeyMetadata } = await admin.client(KMSClient).send(command);
  return { resourceType: 'AWS::KMS::Key', resourceId: KeyMetadata?.KeyId ?? '' };
};
const { compliant, nonCompliant, onlyForEverybody } = policyFixtures({ action: 'kms:*', seed });

describeRuleContract(rule, {
  compliant,
  nonCompliant,
  notApplicable: {
    'a public key that is going to be deleted': async (admin) => {
      const resource = await onlyForEverybody(admin);
      await admin.client(KMSClient).send(new ScheduleKeyDeletionCommand({ KeyId: resource.resourceId }));
      return resource;
    },
  },
  manual: { 'a key that the account manages as one of everybody': onlyForEverybody },
  gone: { resourceType: 'AWS::KMS::Key', resourceId: '11111111-2222-3333-4444-555555555555' },
});
