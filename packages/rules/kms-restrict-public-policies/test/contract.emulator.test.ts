import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';
import { policyFixtures } from '@compliance/public-policies/testing';

import { rule } from '../src/rule.ts';

const seed = async (policyOf: ((arn: string) => string) | undefined, admin: Session) => {
  const command = new CreateKeyCommand(policyOf ? { Policy: policyOf('*') } : {});
  const { KeyMetadata } = await admin.client(KMSClient).send(command);
  return { resourceType: 'AWS::KMS::Key', resourceId: KeyMetadata?.KeyId ?? '' };
};
const { compliant, nonCompliant, onlyForEverybody } = policyFixtures({ action: 'kms:*', seed });

const item = async (resource: Resource, admin: Session) => {
  const client = admin.client(KMSClient);
  const { resourceId: KeyId } = resource;
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
  const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
  return itemOf(resource, admin, {
    arn: KeyMetadata?.Arn ?? '',
    resourceName: KeyId,
    configuration: { keyManager: KeyMetadata?.KeyManager, keyState: KeyMetadata?.KeyState },
    supplementaryConfiguration: { KeyRotationStatus: false, Policy },
  });
};

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
  item,
  gone: { resourceType: 'AWS::KMS::Key', resourceId: '11111111-2222-3333-4444-555555555555' },
});
