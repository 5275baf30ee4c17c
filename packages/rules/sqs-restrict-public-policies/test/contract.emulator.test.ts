import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describeRuleContract } from '@compliance/core/testing';
import { policyFixtures } from '@compliance/public-policies/testing';

import { rule } from '../src/rule.ts';

const { compliant, nonCompliant, onlyForEverybody } = policyFixtures({
  action: 'sqs:SendMessage',
  seed: async (policyOf, admin) => {
    const { accountId, region } = admin;
    const policy = policyOf && { Policy: policyOf(`arn:aws:sqs:${region}:${accountId}:jobs`) };
    const command = new CreateQueueCommand({ QueueName: `jobs-${region}`, Attributes: { ...policy } });
    const { QueueUrl = '' } = await admin.client(SQSClient).send(command);
    return { resourceType: 'AWS::SQS::Queue', resourceId: QueueUrl };
  },
});

describeRuleContract(rule, {
  compliant,
  nonCompliant: { ...nonCompliant, 'a policy for everybody alone': onlyForEverybody },
  gone: {
    resourceType: 'AWS::SQS::Queue',
    resourceId: 'https://sqs.eu-west-1.amazonaws.com/111122223333/gone',
  },
});
