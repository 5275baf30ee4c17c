import {
  EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsDefaultKmsKeyIdCommand,
} from '@aws-sdk/client-ec2';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const account = async (admin: Session): Promise<Resource> => ({
  resourceType: 'AWS::::Account',
  resourceId: admin.accountId,
});

const encrypted = async (admin: Session) => {
  await admin.client(EC2Client).send(new EnableEbsEncryptionByDefaultCommand({}));
  return account(admin);
};

describeRuleContract(rule, {
  compliant: { 'a Region that encrypts by default': encrypted },
  nonCompliant: { 'a Region that does not encrypt by default, and has no volume': account },
  untouched: async (_, admin) =>
    (await admin.client(EC2Client).send(new GetEbsDefaultKmsKeyIdCommand({}))).KmsKeyId,
});
